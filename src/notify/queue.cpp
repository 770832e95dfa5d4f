#include "notify/queue.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "journal/data.hpp"
#include "journal/kinds.hpp"

namespace muster::notify {

namespace kinds = journal::kinds;
using journal::text_in;

namespace {

Error damaged(const journal::Entry& e, std::string_view why) {
  return {fmt::format("entry {} ({}) of the workspace's log: {}", e.seq, e.action, why),
          "`muster audit verify` says whether the record is damaged"};
}

}  // namespace

std::string_view name_of(Delivery delivery) {
  constexpr std::string_view names[] = {"queued", "delivered", "failed"};
  return names[static_cast<std::size_t>(delivery)];
}

Result<> Queue::queue(const journal::Entry& e) {
  if (!e.data.contains("to") || !e.data.at("to").is_array())
    return damaged(e, "it names no channels");
  const auto id = text_in(e.data, "id");
  auto it = items_.find(id);
  if (it == items_.end()) {
    if (!e.data.contains("notice")) return damaged(e, "it holds no notice");
    auto notice = notice_from_json(e.data.at("notice"));
    if (!notice) return damaged(e, notice.error().what);
    it = items_.emplace(id, Item{std::move(*notice), {}}).first;
  }
  for (const auto& channel : e.data.at("to"))
    if (channel.is_string()) {
      Told told;
      told.queued = e.ts;
      it->second.to[channel.get<std::string>()] = told;
    }
  return {};
}

Result<> Queue::apply(const journal::Entry& e) {
  const bool delivered = e.action == kinds::kNoticeDelivered;
  if (e.action == kinds::kNoticeQueued) return queue(e);
  if (!delivered && e.action != kinds::kNoticeFailed) return {};
  const auto item = items_.find(text_in(e.data, "id"));
  if (item == items_.end()) return damaged(e, "no notice of that id was queued");
  const auto told = item->second.to.find(text_in(e.data, "channel"));
  if (told == item->second.to.end()) return damaged(e, "it was not queued for that channel");
  if (!delivered) told->second.why = text_in(e.data, "said");
  if (!delivered && e.outcome != kGivenUp) return {};
  told->second.is = delivered ? Delivery::delivered : Delivery::failed;
  told->second.settled = e.ts;
  return {};
}

const Queue::Item* Queue::find(const std::string& id) const {
  const auto it = items_.find(id);
  return it == items_.end() ? nullptr : &it->second;
}

Announced Queue::standing(const std::string& id) const {
  const auto* item = find(id);
  if (!item || item->to.empty()) return Announced::nobody;
  const auto any = [&](Delivery is) {
    return std::any_of(item->to.begin(), item->to.end(),
                       [&](const auto& one) { return one.second.is == is; });
  };
  if (any(Delivery::failed)) return Announced::failed;
  return any(Delivery::queued) ? Announced::pending : Announced::delivered;
}

Json queued_data(const Notice& notice, const std::vector<std::string>& channels) {
  return {{"id", notice.id}, {"to", channels}, {"notice", to_json(notice)}};
}

Json queued_again_data(const std::string& id, const std::vector<std::string>& channels) {
  return {{"id", id}, {"to", channels}, {"again", true}};
}

Json settled_data(const std::string& id, const std::string& channel, unsigned attempts,
                  const std::string& said) {
  Json data{{"id", id}, {"channel", channel}, {"attempts", attempts}};
  if (!said.empty()) data["said"] = said;
  return data;
}

}  // namespace muster::notify

#include "adapters/http/remote_store.hpp"

#include "api/target.hpp"
#include "base/digest.hpp"
#include "journal/person.hpp"

namespace muster::http {
namespace {

const Error kReadOnly{"another muster holds the store: from here it is only read",
                      "wait until it is done"};

Error misfit() {
  return Error{"the answer of the muster that holds the store is not understood",
               "is it of another version? `muster --version` here and there"};
}

Result<std::string> get(Client& client, const std::string& target) {
  auto response = client.request("GET", target);
  if (!response) return response.error();
  return api::bytes_of(std::move(*response));
}

Result<Json> get_json(Client& client, const std::string& target) {
  const auto bytes = get(client, target);
  if (!bytes) return bytes.error();
  return parse_json(*bytes);
}

Result<ports::Tip> read_tip(const Json& json) {
  if (!json.is_object() || !json.contains("size") || !json.contains("last")) return misfit();
  const auto &size = json.at("size"), &last = json.at("last");
  if (!size.is_number_unsigned() || !last.is_string()) return misfit();
  const auto digest = digest_from_hex(last.get<std::string>());
  if (!digest) return misfit();
  return ports::Tip{size.get<std::uint64_t>(), *digest};
}

Result<std::vector<ports::Stored>> read_entries(const Json& json) {
  std::vector<ports::Stored> out;
  if (!json.is_object() || !json.contains("entries") || !json.at("entries").is_array())
    return misfit();
  for (const auto& item : json.at("entries")) {
    if (!item.is_object() || !item.contains("seq") || !item.contains("entry")) return misfit();
    const auto &seq = item.at("seq"), &entry = item.at("entry");
    if (!seq.is_number_unsigned() || !entry.is_string()) return misfit();
    auto bytes = from_base64(entry.get<std::string>());
    if (!bytes) return misfit();
    out.push_back({seq.get<std::uint64_t>(), std::move(*bytes)});
  }
  return out;
}

}  // namespace

RemoteStore::RemoteStore(std::shared_ptr<Client> client, Post post)
    : client_{std::move(client)}, post_{std::move(post)} {}

void RemoteStore::tip(ports::LogId log, ports::OnAnswer<ports::Tip> answer) {
  post_([client = client_, target = api::tip_target(log), answer = std::move(answer)] {
    const auto json = get_json(*client, target);
    answer(json ? read_tip(*json) : json.error());
  });
}

void RemoteStore::entries(ports::LogId log, std::uint64_t from, std::size_t bytes_max,
                          ports::OnAnswer<std::vector<ports::Stored>> answer) {
  post_([client = client_, target = api::entries_target(log, from, bytes_max),
         answer = std::move(answer)] {
    const auto json = get_json(*client, target);
    answer(json ? read_entries(*json) : json.error());
  });
}

void RemoteStore::blob(Digest name, ports::OnAnswer<std::string> answer) {
  post_([client = client_, name, answer = std::move(answer)] {
    auto bytes = get(*client, api::blob_target(name));
    if (bytes && sha256(*bytes) != name)
      return answer(Error{"the blob " + hex(name) + " was damaged on its way"});
    answer(std::move(bytes));
  });
}

void RemoteStore::commit(ports::Batch, ports::OnCommit answer) {
  post_([answer = std::move(answer)] { answer(ports::Commit::fenced, to_string(kReadOnly)); });
}

/// Rows are the store's own; but whom entries name is told, one by one.
void RemoteStore::scan(std::string prefix, std::string, std::size_t,
                       ports::OnAnswer<std::vector<ports::Row>> answer) {
  if (!prefix.starts_with(journal::kPersonRows) || prefix.size() == journal::kPersonRows.size())
    return post_([answer = std::move(answer)] { answer(kReadOnly); });
  post_([client = client_, key = std::move(prefix), answer = std::move(answer)] {
    auto response =
        client->request("GET", api::person_target(key.substr(journal::kPersonRows.size())));
    if (!response) return answer(response.error());
    if (response->status == 404) return answer(std::vector<ports::Row>{});
    auto value = api::bytes_of(std::move(*response));
    if (!value) return answer(value.error());
    answer(std::vector<ports::Row>{{key, std::move(*value)}});
  });
}

void RemoteStore::put_blob(std::string, ports::OnAnswer<Digest> answer) {
  post_([answer = std::move(answer)] { answer(kReadOnly); });
}

void RemoteStore::erase(ports::Erasure, ports::OnAnswer<void> answer) {
  post_([answer = std::move(answer)] { answer(kReadOnly); });
}

void RemoteStore::hold(ports::LogId, Duration, ports::OnAnswer<std::uint64_t> answer) {
  post_([answer = std::move(answer)] { answer(kReadOnly); });
}

void RemoteStore::release(ports::LogId, std::uint64_t, ports::OnAnswer<void> answer) {
  post_([answer = std::move(answer)] { answer(kReadOnly); });
}

}  // namespace muster::http

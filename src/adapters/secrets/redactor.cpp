#include "adapters/secrets/redactor.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "adapters/secrets/held.hpp"
#include "adapters/secrets/source.hpp"
#include "base/digest.hpp"
#include "base/text.hpp"

namespace muster::secrets {
namespace {

/// Stands where the shells left something away (adapters/shell/frame.hpp), and text goes on behind
/// it or before it; and how bounded() of base/text.hpp ends.
constexpr std::string_view kCut = "[…]";
constexpr std::string_view kMore = " …[";
/// Of what a cut leaves of a secret, so much is still worth a mark.
constexpr std::size_t kPieceBytesMin = 4;

/// The part of base64 that the value alone decides when `before` bytes (0, 1, 2) stand before it.
std::string base64_core(std::string_view value, std::size_t before) {
  const auto text = base64(std::string(before, 'x') + std::string{value});
  const std::size_t first = (8 * before + 5) / 6;
  const std::size_t last = 8 * (before + value.size()) / 6;
  return text.substr(first, last - first);
}

}  // namespace

Redactor::~Redactor() {
  for (auto& form : forms_) forget(form.bytes);
}

void Redactor::add_form(std::string bytes, const std::string& mark) {
  if (bytes.size() < Limits::kBytesMin) return;
  forms_.push_back({std::move(bytes), mark});
}

void Redactor::add(const std::string& name, std::string_view value) {
  const auto mark = "[secret " + name + "]";
  add_form(std::string{value}, mark);
  add_form(printable(value), mark);
  add_form(percent_encoded(value), mark);
  for (std::size_t before = 0; before < 3; ++before) add_form(base64_core(value, before), mark);
  for (const auto& line : split(value, '\n')) {
    add_form(line, mark);
    add_form(printable(line), mark);
  }
  std::stable_sort(forms_.begin(), forms_.end(),
                   [](const Form& a, const Form& b) { return a.bytes.size() > b.bytes.size(); });
}

std::string Redactor::redacted(std::string text) const {
  if (forms_.empty() || text.empty()) return text;
  for (const auto& form : forms_)
    for (std::size_t at = 0; (at = text.find(form.bytes, at)) != std::string::npos;
         at += form.mark.size())
      text.replace(at, form.bytes.size(), form.mark);
  redact_cuts(text);
  return text;
}

void Redactor::redact_cuts(std::string& text) const {
  for (std::size_t at = 0; (at = text.find(kCut, at)) != std::string::npos;) {
    // The mark may stand on a line of its own; the newline before it may be the secret's, too.
    if (at > 0 && text[at - 1] == '\n') at = redact_before(text, at - 1) + 1;
    at = redact_before(text, at) + kCut.size();
    if (at < text.size() && text[at] == '\n') ++at;
    redact_behind(text, at);
  }
  for (std::size_t at = 0; (at = text.find(kMore, at)) != std::string::npos; at += kMore.size())
    at = redact_before(text, at);
}

/// Takes out the longest beginning of a secret that ends there; where the rest begins now.
std::size_t Redactor::redact_before(std::string& text, std::size_t end) const {
  const auto kept = std::string_view{text}.substr(0, end);
  std::size_t longest = 0;
  const Form* hit = nullptr;
  for (const auto& form : forms_) {
    const auto first = std::string_view{form.bytes}.substr(0, kPieceBytesMin);
    auto from = kept.size() - std::min(kept.size(), form.bytes.size() - 1);
    while ((from = kept.find(first, from)) != kept.npos) {
      const auto piece = kept.substr(from++);
      if (piece.size() <= longest || !form.bytes.starts_with(piece)) continue;
      longest = piece.size(), hit = &form;
      break;
    }
  }
  if (!hit) return end;
  text.replace(end - longest, longest, hit->mark);
  return end - longest + hit->mark.size();
}

/// Takes out the longest end of a secret that begins there, also behind what a cut left of a
/// character (\xNN, as printable() shows it).
void Redactor::redact_behind(std::string& text, std::size_t begin) const {
  auto rest = std::string_view{text}.substr(begin);
  for (int torn = 0; torn < 4; ++torn) {
    std::size_t longest = 0;
    const Form* hit = nullptr;
    const auto first = rest.substr(0, kPieceBytesMin);
    for (const auto& form : forms_) {
      const std::string_view bytes{form.bytes};
      for (std::size_t at = 1;
           first.size() == kPieceBytesMin && (at = bytes.find(first, at)) != bytes.npos; ++at) {
        if (bytes.size() - at <= longest || !rest.starts_with(bytes.substr(at))) continue;
        longest = bytes.size() - at, hit = &form;
        break;
      }
    }
    if (hit) {
      const auto end = text.size() - rest.size() + longest;
      text.replace(begin, end - begin, hit->mark);
      return;
    }
    if (!rest.starts_with("\\x") || rest.size() < 4) return;
    rest.remove_prefix(4);
  }
}

std::string percent_encoded(std::string_view bytes) {
  std::string out;
  for (const char c : bytes) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '-' || c == '.' || c == '_' || c == '~';
    out += plain ? std::string{c} : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return out;
}

}  // namespace muster::secrets

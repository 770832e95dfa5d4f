#include "adapters/secrets/redactor.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "adapters/secrets/held.hpp"
#include "adapters/secrets/source.hpp"
#include "base/digest.hpp"
#include "base/text.hpp"

namespace muster::secrets {
namespace {

/// As the shells and probes mark that they left something away, before and behind.
constexpr std::string_view kHeadCut = "[…]\n";
constexpr std::string_view kTailCut = " bytes more]";
constexpr std::size_t kEvidenceBytesMax = 64u << 10;
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
  if (text.starts_with(kHeadCut)) {
    const auto rest = std::string_view{text}.substr(kHeadCut.size());
    std::size_t longest = 0;
    const Form* hit = nullptr;
    for (const auto& form : forms_)
      for (std::size_t n = form.bytes.size() - 1; n >= kPieceBytesMin && n > longest; --n)
        if (rest.starts_with(std::string_view{form.bytes}.substr(form.bytes.size() - n)))
          longest = n, hit = &form;
    if (hit) text.replace(kHeadCut.size(), longest, hit->mark);
  }
  const bool bounded = text.ends_with(kTailCut);
  if (!bounded && text.size() < kEvidenceBytesMax) return;
  const auto end = bounded ? std::min(text.rfind(" …["), text.size()) : text.size();
  const auto kept = std::string_view{text}.substr(0, end);
  std::size_t longest = 0;
  const Form* hit = nullptr;
  for (const auto& form : forms_)
    for (std::size_t n = form.bytes.size() - 1; n >= kPieceBytesMin && n > longest; --n)
      if (kept.ends_with(std::string_view{form.bytes}.substr(0, n))) longest = n, hit = &form;
  if (hit) text.replace(end - longest, longest, hit->mark);
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

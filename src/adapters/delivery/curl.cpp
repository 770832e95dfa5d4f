#include "adapters/delivery/curl.hpp"

#include <algorithm>
#include <cstring>

namespace muster::delivery {
namespace {

constexpr std::size_t kAnswerShownMax = 4096;
constexpr std::size_t kAnswerBytesMax = 256u << 10;
constexpr long kConnectWithinMs = 5'000;

void start_curl_once() {
  static const CURLcode started = curl_global_init(CURL_GLOBAL_DEFAULT);
  (void)started;
}

}  // namespace

Transfer::Transfer(const Bounds& bounds) : bounds_{bounds} {
  start_curl_once();
  curl_ = curl_easy_init();
  set(CURLOPT_NOSIGNAL, 1L);
  set(CURLOPT_FOLLOWLOCATION, 0L);
  set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(bounds.within).count();
  set(CURLOPT_TIMEOUT_MS, static_cast<long>(ms));
  set(CURLOPT_CONNECTTIMEOUT_MS, std::min(kConnectWithinMs, static_cast<long>(ms)));
  set(CURLOPT_ERRORBUFFER, error_);
  set(CURLOPT_WRITEFUNCTION, &Transfer::take);
  set(CURLOPT_WRITEDATA, this);
  set(CURLOPT_NOPROGRESS, 0L);
  set(CURLOPT_XFERINFOFUNCTION, &Transfer::is_over);
  set(CURLOPT_XFERINFODATA, this);
}

Transfer::~Transfer() {
  curl_easy_cleanup(curl_);
  for (auto* list : lists_) curl_slist_free_all(list);
}

void Transfer::set_list(CURLoption option, const std::vector<std::string>& lines) {
  curl_slist* list = nullptr;
  for (const auto& line : lines) list = curl_slist_append(list, line.c_str());
  lists_.push_back(list);
  set(option, list);
}

void Transfer::upload(const std::string& bytes) {
  upload_ = &bytes;
  set(CURLOPT_UPLOAD, 1L);
  set(CURLOPT_READFUNCTION, &Transfer::give);
  set(CURLOPT_READDATA, this);
}

void Transfer::trust(const std::string& ca) {
  if (ca.empty()) return;
  set(CURLOPT_CAINFO, ca.c_str());
  set(CURLOPT_CAPATH, static_cast<const char*>(nullptr));
}

CURLcode Transfer::perform() {
  const auto code = curl_easy_perform(curl_);
  return code == CURLE_WRITE_ERROR && too_much_ ? CURLE_OK : code;
}

long Transfer::status() {
  long status = 0;
  curl_easy_getinfo(curl_, CURLINFO_RESPONSE_CODE, &status);
  return status;
}

std::string Transfer::why(CURLcode code) const {
  if (code == CURLE_ABORTED_BY_CALLBACK) return "Muster ended before it was over";
  return error_[0] ? error_ : curl_easy_strerror(code);
}

std::size_t Transfer::take(char* bytes, std::size_t one, std::size_t count, void* self) {
  auto& t = *static_cast<Transfer*>(self);
  const std::size_t size = one * count;
  t.said_.append(bytes, std::min(size, kAnswerShownMax - t.said_.size()));
  t.taken_ += size;
  t.too_much_ = t.taken_ > kAnswerBytesMax;
  return t.too_much_ ? 0 : size;
}

std::size_t Transfer::give(char* to, std::size_t one, std::size_t count, void* self) {
  auto& t = *static_cast<Transfer*>(self);
  const std::size_t size = std::min(one * count, t.upload_->size() - t.given_);
  std::memcpy(to, t.upload_->data() + t.given_, size);
  t.given_ += size;
  return size;
}

int Transfer::is_over(void* self, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  return static_cast<Transfer*>(self)->bounds_.stop ? 1 : 0;
}

Result<std::string> filled_line(const std::string& text, const Secrets& secrets) {
  auto filled = fill_secrets(text, secrets.value);
  if (!filled) return filled;
  if (std::any_of(filled->begin(), filled->end(),
                  [](unsigned char c) { return c < ' ' || c == 0x7f; }))
    return Error{"it holds a line end or a control character once its secrets are filled in"};
  return filled;
}

}  // namespace muster::delivery

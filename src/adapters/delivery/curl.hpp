// One transfer of libcurl, with the limits that all of ours have. Internal to delivery/.
#pragma once
#include <curl/curl.h>

#include <string>

#include "adapters/delivery/ways.hpp"

namespace muster::delivery {

class Transfer {
 public:
  /// `bounds` must outlive it.
  explicit Transfer(const Bounds& bounds);
  ~Transfer();
  Transfer(const Transfer&) = delete;
  Transfer& operator=(const Transfer&) = delete;

  template <class T>
  void set(CURLoption option, T value) {
    curl_easy_setopt(curl_, option, value);
  }
  /// Kept until the transfer is over. Of headers and addresses: they need one line each.
  void set_list(CURLoption option, const std::vector<std::string>& lines);
  /// What is sent by an upload; must outlive perform().
  void upload(const std::string& bytes);
  void trust(const std::string& ca);

  /// CURLE_OK, also when no more than the answer's end was not wanted.
  CURLcode perform();
  long status();
  /// The beginning of what came back.
  const std::string& said() const { return said_; }
  /// Why it failed, in libcurl's words.
  std::string why(CURLcode code) const;

 private:
  static std::size_t take(char* bytes, std::size_t one, std::size_t count, void* self);
  static std::size_t give(char* to, std::size_t one, std::size_t count, void* self);
  static int is_over(void* self, curl_off_t, curl_off_t, curl_off_t, curl_off_t);

  const Bounds& bounds_;
  CURL* curl_ = nullptr;
  std::vector<curl_slist*> lists_;
  std::string said_;
  std::size_t taken_ = 0;
  bool too_much_ = false;
  const std::string* upload_ = nullptr;
  std::size_t given_ = 0;
  char error_[CURL_ERROR_SIZE] = "";
};

/// Every `${secret.NAME}` filled in; an error also when the outcome is not one plain line: it could
/// be read as more than one header, address or command.
Result<std::string> filled_line(const std::string& text, const Secrets& secrets);

}  // namespace muster::delivery

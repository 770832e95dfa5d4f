// Sends messages for real: HTTP and SMTP by libcurl, commands by the kernel. On threads of its own:
// what the other side is slow at, only they wait for.
#pragma once
#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "base/secret.hpp"
#include "ports/messenger.hpp"

namespace muster::delivery {

/// Both are called on any thread, also at once.
struct Secrets {
  SecretValue value;                                 ///< Of `${secret.NAME}`.
  std::function<std::string(std::string)> redacted;  ///< Takes them out of what came back.
};

class Sender final : public ports::Messenger {
 public:
  /// `post` hands a function to the engine's thread; it must outlive this.
  Sender(std::function<void(std::function<void()>)> post, Secrets secrets);
  /// Gives up on what is under way, within about a second.
  ~Sender() override;

  void send(ports::Message message, std::function<void(const ports::Told&)> done) override;

 private:
  struct Job {
    ports::Message message;
    std::function<void(const ports::Told&)> done;
  };
  void work();

  std::function<void(std::function<void()>)> post_;
  Secrets secrets_;
  std::atomic<bool> stop_ = false;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);  // of the engine's thread alone
  std::mutex mutex_;
  std::condition_variable more_;
  std::deque<Job> jobs_;
  std::vector<std::thread> threads_;
};

}  // namespace muster::delivery

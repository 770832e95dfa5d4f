// Keeps ports::Signatures with the system's ssh-keygen, on one worker of its own: a process is
// started for each question, and whoever asks has a drill to run meanwhile.
#pragma once
#include <boost/asio/thread_pool.hpp>
#include <functional>
#include <memory>

#include "ports/signatures.hpp"

namespace muster::signatures {

class Verifier : public ports::Signatures {
 public:
  /// `post` runs a function on the engine's thread, later; from any thread. What it runs after this
  /// object's end answers nobody.
  using Post = std::function<void(std::function<void()>)>;
  explicit Verifier(Post post) : post_{std::move(post)} {}
  /// Waits for the question that is being looked at; the others are dropped.
  ~Verifier() override {
    worker_.stop();
    worker_.join();
  }

  void verify(ports::SignatureClaim claim, std::function<void(Result<>)> answer) override;

 private:
  Post post_;
  std::shared_ptr<bool> alive_ =
      std::make_shared<bool>(true);  ///< looked at on the engine's thread
  boost::asio::thread_pool worker_{1};
};

}  // namespace muster::signatures

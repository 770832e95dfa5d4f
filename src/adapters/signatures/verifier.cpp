#include "adapters/signatures/verifier.hpp"

#include <boost/asio/post.hpp>

#include "adapters/signatures/keygen.hpp"

namespace muster::signatures {

void Verifier::verify(ports::SignatureClaim claim, std::function<void(Result<>)> answer) {
  boost::asio::post(worker_, [post = post_, alive = std::weak_ptr{alive_}, claim = std::move(claim),
                              answer = std::move(answer)] {
    auto is_good = signatures::verify(claim);
    post([answer, alive, is_good = std::move(is_good)] {
      if (!alive.expired()) answer(is_good);
    });
  });
}

}  // namespace muster::signatures

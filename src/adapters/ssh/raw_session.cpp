#include "adapters/ssh/raw_session.hpp"

#include <malloc.h>
#include <stdlib.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <new>
#include <utility>

#include "base/text.hpp"

namespace muster::ssh {

/// What libssh2 calls back; `abstract` is the RawSession.
struct RawSession::Hooks {
  static RawSession& of(void** abstract) { return *static_cast<RawSession*>(*abstract); }

  static long size_of(void* memory) { return static_cast<long>(::malloc_usable_size(memory)); }

  static void* allocate(std::size_t size, void** abstract) {
    return again(nullptr, size, abstract);
  }

  static void* again(void* old, std::size_t size, void** abstract) {
    auto& memory = of(abstract).memory_;
    if (memory + static_cast<long>(std::min<std::size_t>(size, kMemoryBytesMax)) >
            kMemoryBytesMax ||
        size > kMemoryBytesMax)
      return nullptr;
    const long before = old != nullptr ? size_of(old) : 0;
    void* made = ::realloc(old, size > 0 ? size : 1);
    if (made != nullptr) memory += size_of(made) - before;
    return made;
  }

  static void release(void* memory, void** abstract) {
    if (memory == nullptr) return;
    of(abstract).memory_ -= size_of(memory);
    ::free(memory);
  }

  static ssize_t receive(libssh2_socket_t, void* to, std::size_t size, int, void** abstract) {
    return of(abstract).receive(static_cast<char*>(to), size);
  }

  static ssize_t send(libssh2_socket_t, const void* from, std::size_t size, int, void** abstract) {
    return of(abstract).send(static_cast<const char*>(from), size);
  }

  static void left(LIBSSH2_SESSION*, int, const char* message, int size, const char*, int,
                   void** abstract) {
    if (message != nullptr && size > 0)
      of(abstract).goodbye_ = printable(bounded({message, static_cast<std::size_t>(size)}, 256));
  }

  template <class Function>
  static void set(LIBSSH2_SESSION* raw, int what, Function* function) {
#if LIBSSH2_VERSION_NUM >= 0x010b01
    ::libssh2_session_callback_set2(raw, what, reinterpret_cast<libssh2_cb_generic*>(function));
#else
    ::libssh2_session_callback_set(raw, what, reinterpret_cast<void*>(function));
#endif
  }
};

RawSession::RawSession(std::unique_ptr<Wire> wire) : wire_{std::move(wire)} {
  raw_ = ::libssh2_session_init_ex(Hooks::allocate, Hooks::release, Hooks::again, this);
  if (raw_ == nullptr) throw std::bad_alloc{};
  ::libssh2_session_set_blocking(raw_, 0);
  Hooks::set(raw_, LIBSSH2_CALLBACK_RECV, Hooks::receive);
  Hooks::set(raw_, LIBSSH2_CALLBACK_SEND, Hooks::send);
  Hooks::set(raw_, LIBSSH2_CALLBACK_DISCONNECT, Hooks::left);
}

RawSession::~RawSession() {
  if (polite_ && broken_.empty() && unsent() == 0) {
    ::libssh2_session_disconnect(raw_, "done");
    wire_->watch(false, nullptr);
  }
  leaving_ = true;
  // With a wire that refuses everything there is nothing to wait for; the bound is for safety.
  for (int tries = 0; ::libssh2_session_free(raw_) == LIBSSH2_ERROR_EAGAIN && tries < 100;) ++tries;
}

ssize_t RawSession::receive(char* to, std::size_t size) {
  if (leaving_ || !broken_.empty()) return 0;
  if (drained_) return -EAGAIN;
  const auto n = wire_->read(to, size);
  if (n > 0) {
    heard_ = true;
    if (static_cast<std::size_t>(n) < size) drained_ = true;
    return n;
  }
  if (n == -EAGAIN || n == -EINTR) {
    drained_ = true;
    return -EAGAIN;
  }
  broken_ = n == 0 ? "the far end closed it" : std::strerror(static_cast<int>(-n));
  return n;
}

ssize_t RawSession::send(const char* from, std::size_t size) {
  if (leaving_ || !broken_.empty()) return -EPIPE;
  std::size_t taken = 0;
  if (unsent() == 0) {
    const auto n = wire_->write(from, size);
    if (n >= 0) {
      taken = static_cast<std::size_t>(n);
    } else if (n != -EAGAIN && n != -EINTR) {
      broken_ = std::strerror(static_cast<int>(-n));
      return n;
    }
  }
  if (unsent() + size - taken > kUnsentBytesMax) {
    broken_ = "it asks for answers without reading them";
    return -EPIPE;
  }
  unsent_.append(from + taken, size - taken);
  return static_cast<ssize_t>(size);
}

void RawSession::flush() {
  while (unsent() > 0 && broken_.empty()) {
    const auto n = wire_->write(unsent_.data() + sent_, unsent());
    if (n >= 0)
      sent_ += static_cast<std::size_t>(n);
    else if (n == -EAGAIN)
      break;
    else
      broken_ = std::strerror(static_cast<int>(-n));
  }
  if (unsent() == 0) {
    std::string{}.swap(unsent_);
    sent_ = 0;
  }
}

}  // namespace muster::ssh

#include "adapters/secrets/held.hpp"

#include <openssl/crypto.h>
#include <sys/mman.h>
#include <sys/prctl.h>

#include <cstring>
#include <new>

namespace muster::secrets {

Held::Held(std::string&& bytes) : size_{bytes.size()} {
  data_ = static_cast<char*>(OPENSSL_malloc(size_ + 1));
  if (!data_) throw std::bad_alloc{};
  // Not fatal: without CAP_IPC_LOCK only a few pages may be locked.
  ::mlock(data_, size_ + 1);
  std::memcpy(data_, bytes.data(), size_);
  data_[size_] = '\0';
  forget(bytes);
}

Held::~Held() {
  OPENSSL_cleanse(data_, size_ + 1);
  ::munlock(data_, size_ + 1);
  OPENSSL_free(data_);
}

void keep_memory_private() {
#ifndef __SANITIZE_ADDRESS__
  ::prctl(PR_SET_DUMPABLE, 0);
#endif
}

void forget(std::string& text) {
  OPENSSL_cleanse(text.data(), text.size());
  text.clear();
}

}  // namespace muster::secrets

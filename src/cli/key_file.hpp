// The private key that signs a workspace's record: `audit.key` in its state folder (0600, PEM), and
// `audit.key.next` while it is being changed. Never in the workspace, where a repository would
// publish it.
#pragma once
#include <filesystem>
#include <optional>

#include "base/signature.hpp"

namespace muster::cli {

inline constexpr const char* kKeyFile = "audit.key";
inline constexpr const char* kNextKeyFile = "audit.key.next";

/// nullopt: there is no such file, or nothing is in it (whoever made it was killed: a muster of
/// before wrote it in place). An error: it is open to others, another's, or no key.
Result<std::optional<SigningKey>> read_key(const std::filesystem::path& file);

/// Makes a new key and makes it durable: the file holds all of it or is not there. An error when
/// there is a key already. Only by the process that holds the store.
Result<SigningKey> make_key(const std::filesystem::path& file);

/// The private key of `wanted`: `audit.key`, or `audit.key.next` where a change of keys was cut off
/// after its entry (which is then finished). The error says what is there instead.
Result<SigningKey> key_of(const std::filesystem::path& folder, const PublicKey& wanted);

}  // namespace muster::cli

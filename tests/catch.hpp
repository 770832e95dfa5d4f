// The one include of Catch2: version 2 (Debian 12) and version 3 (Debian 13) name their header
// differently.
#pragma once
#ifdef MUSTER_CATCH2_V2
#include <catch2/catch.hpp>
namespace Catch::Matchers {
inline auto ContainsSubstring(const std::string& text) {
  return Contains(text);
}
}  // namespace Catch::Matchers
#else
#include <catch2/catch_all.hpp>
#endif

#include "base/result.hpp"

// boost::system::result claims to be printable whatever it holds; what a failing test shows is its
// error.
namespace Catch {
template <class T>
struct StringMaker<boost::system::result<T, muster::Error>> {
  static std::string convert(const boost::system::result<T, muster::Error>& r) {
    return r ? std::string{"(a value)"} : "error: " + muster::to_string(r.error());
  }
};
}  // namespace Catch

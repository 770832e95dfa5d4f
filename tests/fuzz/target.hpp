// What strangers write and Muster reads, as functions that a fuzzer drives. Each reads any bytes
// without a fault of memory, and breaks no promise of the header that it is about. libFuzzer drives
// them (driver/libfuzzer.cpp, `./dev fuzz`); the unit test runs every file of corpus/ through every
// one, with any compiler.
#pragma once
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>

namespace muster::fuzz {

struct Target {
  std::string_view name;  ///< also its folder in corpus/
  void (*run)(std::string_view bytes);
};

std::span<const Target> targets();

/// A promise that did not hold; what the test shows, and what the fuzzer stops at.
struct Broken : std::logic_error {
  using std::logic_error::logic_error;
};
inline void promise(bool holds, const std::string& what) {
  if (!holds) throw Broken{what};
}

/// Nothing in it could act on a terminal: no control character but newline and tab.
void promise_printable(std::string_view text, const std::string& where);

// One a file: what it reads, and what it promises, is told there.
void yaml(std::string_view bytes);
void workspace(std::string_view bytes);
void inventory(std::string_view bytes);
void entry(std::string_view bytes);
void record(std::string_view bytes);
void note(std::string_view bytes);
void persons(std::string_view bytes);
void proof(std::string_view bytes);
void dns(std::string_view bytes);
void answer(std::string_view bytes);
void told(std::string_view bytes);
void api(std::string_view bytes);
void ssh(std::string_view bytes);
void word(std::string_view bytes);

}  // namespace muster::fuzz

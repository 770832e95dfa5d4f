// Fuzzing without a fuzzer: inputs made of the corpus by random changes, the same ones from the
// same seed. It knows nothing of coverage; what needs that is `./dev fuzz`.
#pragma once
#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace muster::fuzz {

class Mutator {
 public:
  /// `corpus`: not empty; must outlive it.
  Mutator(const std::vector<std::string>& corpus, std::uint64_t seed)
      : corpus_(corpus), dice_(seed) {}

  std::string next() {
    std::string text = corpus_[below(corpus_.size())];
    for (std::size_t n = 1 + below(4); n > 0; --n) change(text);
    return text;
  }

 private:
  std::size_t below(std::size_t n) { return n == 0 ? 0 : dice_() % n; }

  void change(std::string& text) {
    constexpr std::string_view kOdd{"\0\n\t \"'\\{}[]:,=&|*!#-/.%$`~\x1b\x7f\xff\xc3", 30};
    const auto at = below(text.size() + 1);
    const auto length = below(std::min<std::size_t>(text.size() - at, 40) + 1);
    const auto& other = corpus_[below(corpus_.size())];
    switch (below(6)) {
      case 0:
        return text.erase(at, length), void();
      case 1:
        return text.insert(at, 1, kOdd[below(kOdd.size())]), void();
      case 2:
        return text.insert(at, text.substr(at, length)), void();
      case 3:
        return text.replace(at, length, other.substr(below(other.size() + 1), below(40))), void();
      case 4:
        return text.insert(at, below(300), text.empty() ? 'x' : text[below(text.size())]), void();
      default:
        if (at < text.size()) text[at] = static_cast<char>(below(256));
    }
  }

  const std::vector<std::string>& corpus_;
  std::mt19937_64 dice_;
};

}  // namespace muster::fuzz

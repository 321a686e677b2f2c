// Runs a target on its seeds and on mutations of them that are the same every time; `--write FOLDER` gives libFuzzer
// the seeds. A crash names its input: it is written to FILE given by `--last FILE` before each run.
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <random>
#include <string>

#include "tests/fuzz/target.h"

namespace {

using cinnabar::Byte;
using cinnabar::Bytes;

void write(const std::string& path, const Bytes& bytes) {
  std::ofstream(path, std::ios::binary)
      .write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
}

class Mutator {
 public:
  explicit Mutator(std::uint32_t seed) : random_(seed) {}

  Bytes mutate(Bytes bytes, const Bytes& other) {
    for (std::size_t left = 1 + below(3); left > 0; --left) {
      switch (bytes.empty() ? 3 : below(8)) {
        case 0: bytes[at(bytes)] ^= static_cast<Byte>(1U << below(8)); break;
        case 1: bytes[at(bytes)] = static_cast<Byte>(below(256)); break;
        case 2: bytes.resize(at(bytes)); break;
        case 3:
          bytes.insert(bytes.begin() + static_cast<std::ptrdiff_t>(below(bytes.size() + 1)), below(9),
                       static_cast<Byte>(below(256)));
          break;
        case 4: bytes[at(bytes)] = below(2) == 0 ? 0xFF : 0x80; break;
        case 5: bytes.erase(bytes.begin() + static_cast<std::ptrdiff_t>(at(bytes))); break;
        case 6: std::swap(bytes[at(bytes)], bytes[at(bytes)]); break;
        default: splice(bytes, other);
      }
    }
    return bytes;
  }
  std::size_t below(std::size_t most) { return random_() % most; }

 private:
  std::size_t at(const Bytes& bytes) { return below(bytes.size()); }
  void splice(Bytes& bytes, const Bytes& other) {
    if (other.empty()) return;
    const std::size_t from = below(other.size()), to = below(bytes.size() + 1);
    const std::size_t size = 1 + below(std::min<std::size_t>(other.size() - from, 64));
    bytes.insert(bytes.begin() + static_cast<std::ptrdiff_t>(to), other.begin() + static_cast<std::ptrdiff_t>(from),
                 other.begin() + static_cast<std::ptrdiff_t>(from + size));
  }
  std::mt19937 random_;
};

}  // namespace

int main(int argc, char** argv) {
  const std::vector<Bytes> seeds = cinnabar::fuzz::seeds();
  if (seeds.empty()) return 2;
  std::size_t mutations = 2000;
  std::string last;
  for (int i = 1; i + 1 < argc; i += 2) {
    if (std::strcmp(argv[i], "--write") == 0) {
      std::filesystem::create_directories(argv[i + 1]);
      for (std::size_t s = 0; s < seeds.size(); ++s)
        write(std::string(argv[i + 1]) + "/seed-" + std::to_string(s), seeds[s]);
      return 0;
    }
    if (std::strcmp(argv[i], "--mutations") == 0) mutations = std::stoul(argv[i + 1]);
    if (std::strcmp(argv[i], "--last") == 0) last = argv[i + 1];
  }
  const auto run = [&](const Bytes& input) {
    if (!last.empty()) write(last, input);
    // Of exactly this size, so that a sanitizer sees the first byte that is read behind it.
    const std::vector<std::uint8_t> exact(input.begin(), input.end());
    LLVMFuzzerTestOneInput(exact.data(), exact.size());
  };
  run({});
  for (const Bytes& seed : seeds) run(seed);
  Mutator mutator(1);
  for (std::size_t i = 0; i < mutations; ++i)
    run(mutator.mutate(seeds[mutator.below(seeds.size())], seeds[mutator.below(seeds.size())]));
  std::printf("%zu seeds, %zu mutations\n", seeds.size(), mutations);
  return 0;
}

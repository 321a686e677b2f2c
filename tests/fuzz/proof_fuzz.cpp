// Signatures of acts are fields of records, which any member may write: read or refused, and read they are written back
// as they were.
#include "core/base/environment.h"
#include "core/secrecy/proof.h"
#include "tests/fuzz/target.h"

namespace cinnabar::fuzz {

std::vector<Bytes> seeds() {
  const Environment environment = Environment::system();
  const SigningPair key = SigningPair::make(*environment.random);
  const Signer signer{{}, {}, "gar", "扎西", key, vouchFor({}, {}, "扎西", key.publicKey, key.secretKey)};
  return {bytesOf(textOf(prove(signer, viewOf("statement"), 1'780'000'000'000))), bytesOf("0"), bytesOf("")};
}

}  // namespace cinnabar::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* given, std::size_t size_bytes) {
  using namespace cinnabar;
  const std::string_view text(reinterpret_cast<const char*>(given), size_bytes);
  fuzz::orError({Code::invalidInput, Code::newerFormat}, [&] {
    const Proof proof = parseProof(text);
    fuzz::claim(textOf(proof) == text);
    fuzz::claim(!isSound(proof, viewOf("another statement"), {}, proof.key));
  });
  return 0;
}

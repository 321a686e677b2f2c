#include "sync/head.h"

#include "core/log/changeset.h"

namespace cinnabar {
namespace {

Bytes headBytes(const SignedHead& head, const GroupId& group) {
  Bytes out;
  Writer w(out);
  w.id(group);
  writeCompartment(w, head.compartment);
  w.author(head.author);
  w.number(head.sequence);
  w.raw(head.hash);
  return out;
}

}  // namespace

Bytes encode(const SignedHead& head) {
  Bytes out;
  Writer w(out);
  writeCompartment(w, head.compartment);
  w.author(head.author);
  w.number(head.sequence);
  w.raw(head.hash);
  w.raw(head.signature);
  w.raw(head.before);
  return out;
}

SignedHead decodeSignedHead(BytesView bytes) {
  Reader in(bytes, "head");
  SignedHead head;
  head.compartment = readCompartment(in);
  head.author = in.author();
  head.sequence = in.number();
  std::memcpy(head.hash.data(), in.raw(head.hash.size()).data(), head.hash.size());
  std::memcpy(head.signature.data(), in.raw(head.signature.size()).data(), head.signature.size());
  std::memcpy(head.before.data(), in.raw(head.before.size()).data(), head.before.size());
  in.end();
  return head;
}

void signHead(SignedHead& head, const GroupId& group, const SecretBytes& key) {
  head.signature = sign("cinnabar head", headBytes(head, group), key);
}

bool verifyHead(const SignedHead& head, const GroupId& group, const SigningKey& key) {
  return verify("cinnabar head", headBytes(head, group), head.signature, key);
}

}  // namespace cinnabar

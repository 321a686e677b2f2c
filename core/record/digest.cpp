#include "core/record/digest.h"

#include <algorithm>

namespace cinnabar {
namespace {

void writeGlobalDot(Writer& w, Vault& vault, const LocalDot& dot) { w.dot({vault.authorOf(dot.author), dot.lamport}); }

std::vector<Dot> globalDots(Vault& vault, const Element& element, std::vector<std::uint32_t>& places) {
  std::vector<std::pair<Dot, std::uint32_t>> sorted;
  for (const Addition& a : element.additions)
    sorted.emplace_back(Dot{vault.authorOf(a.dot.author), a.dot.lamport}, a.place);
  std::sort(sorted.begin(), sorted.end());
  std::vector<Dot> dots;
  for (auto& [dot, place] : sorted) {
    dots.push_back(dot);
    places.push_back(place);
  }
  return dots;
}

// One form for one state, at every site: authors by identity, not by local number.
void writeCanonical(Writer& w, Vault& vault, const Register& reg) {
  w.number(static_cast<std::uint64_t>(reg.operation));
  switch (reg.operation) {
    case Operation::increment: w.signedNumber(reg.sum); return;
    case Operation::raise:
      for (const Sibling& s : reg.siblings) writeValue(w, s.value);
      return;
    case Operation::set:
    case Operation::assign:
    case Operation::transition: {
      if (reg.siblings.size() == 1) {
        writeGlobalDot(w, vault, reg.siblings.front().dot);
        writeValue(w, reg.siblings.front().value);
        return;
      }
      std::vector<const Sibling*> sorted;
      for (const Sibling& s : reg.siblings) sorted.push_back(&s);
      // Values that moved in together have one dot.
      std::sort(sorted.begin(), sorted.end(), [&](const Sibling* a, const Sibling* b) {
        const Dot first{vault.authorOf(a->dot.author), a->dot.lamport};
        const Dot second{vault.authorOf(b->dot.author), b->dot.lamport};
        return std::tie(first, a->value) < std::tie(second, b->value);
      });
      for (const Sibling* s : sorted) {
        writeGlobalDot(w, vault, s->dot);
        writeValue(w, s->value);
      }
      return;
    }
    case Operation::add:
    case Operation::remove:
    case Operation::append: {
      for (const Element& e : reg.elements) {
        std::vector<std::uint32_t> places;
        writeValue(w, e.value);
        for (const Dot& dot : globalDots(vault, e, places)) w.dot(dot);
        for (const std::uint32_t place : places) w.number(place);
      }
    }
  }
}

bool untouched(const Register& reg) { return reg.siblings.empty() && reg.elements.empty() && reg.sum == 0; }

}  // namespace

const std::array<Byte, crypto_shorthash_siphashx24_KEYBYTES>& StateDigest::keyOf(const CompartmentState& state) {
  const auto [at, fresh] = keys_.try_emplace(state.number);
  if (fresh) {
    const SecretBytes key = vault_.digestKey(state.compartment);
    std::memcpy(at->second.data(), key.data(), at->second.size());
  }
  return at->second;
}

Sum StateDigest::term(const CompartmentState& state, const RecordId& id, FieldNumber field, const Register& reg) {
  if (untouched(reg)) return 0;
  buffer_.clear();
  Writer w(buffer_);
  w.id(id);
  w.number(field);
  writeCanonical(w, vault_, reg);
  return hashOfBuffer(state);
}

Sum StateDigest::termOfOnly(const CompartmentState& state, const RecordId& id, FieldNumber field, Operation operation,
                            const LocalDot& dot, const Value& value) {
  buffer_.clear();
  Writer w(buffer_);
  w.id(id);
  w.number(field);
  w.number(static_cast<std::uint64_t>(operation));
  if (operation != Operation::raise) writeGlobalDot(w, vault_, dot);
  writeValue(w, value);
  return hashOfBuffer(state);
}

Sum StateDigest::hashOfBuffer(const CompartmentState& state) {
  Sum out = 0;
  static_assert(sizeof out == crypto_shorthash_siphashx24_BYTES);
  crypto_shorthash_siphashx24(reinterpret_cast<Byte*>(&out), buffer_.data(), buffer_.size(), keyOf(state).data());
  return out;
}

Sum StateDigest::headsTerm(const CompartmentState& state, const Row& row) {
  if (row.heads.size() == 1)
    return termOfOnly(state, row.id, deletedRegister, Operation::assign, row.heads.front().dot,
                      row.heads.front().value);
  Register heads;
  heads.operation = Operation::assign;
  heads.siblings = row.heads;
  return term(state, row.id, deletedRegister, heads);
}

Sum StateDigest::ofRow(const CompartmentState& state, const Rows& rows, const Row& row) {
  Sum sum = headsTerm(state, row);
  for (const FieldNumber number : rows.allColumns()) sum += term(state, row.id, number, rows.registerOf(row, number));
  for (const auto& [number, reg] : row.kept)
    if (rows.field(number) == nullptr) sum += term(state, row.id, number, reg);
  return sum;
}

Sum StateDigest::ofTombstone(const CompartmentState& state, const Tombstone& stone) {
  constexpr FieldNumber leaving = 0xFFFD;
  Register reg;
  reg.operation = Operation::append;
  Bytes life;
  if (stone.destroyed)
    Writer(life).number(0);
  else if (stone.life)
    Writer(life).dot({vault_.authorOf(stone.life->author), stone.life->lamport});
  reg.elements.push_back({life, {}});
  return term(state, stone.record, leaving, reg);
}

std::string StateDigest::text(const CompartmentState& state) {
  const SecretBytes key = vault_.digestKey(state.compartment);
  Bytes vector;
  Writer w(vector);
  for (const auto& [author, head] : versionVector(vault_, state)) {
    w.author(author);
    w.number(head.sequence);
  }
  std::array<Byte, 16> sum;
  std::memcpy(sum.data(), &state.sum, sum.size());
  const Hash hash = Hasher("cinnabar state", key.view()).add(sum).add(vector).finish();
  return hexOf(BytesView(hash).first(16));
}

std::map<Author, Head> versionVector(Vault& vault, const CompartmentState& state) {
  std::map<Author, Head> out;
  for (const auto& [number, head] : state.heads) out.emplace(vault.authorOf(number), head);
  if (state.own.sequence > 0) out[vault.self()] = state.own;
  return out;
}

}  // namespace cinnabar

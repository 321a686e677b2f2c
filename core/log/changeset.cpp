#include "core/log/changeset.h"

#include "core/base/error.h"

namespace cinnabar {
namespace {

constexpr std::uint64_t formatVersion = 1;
constexpr std::size_t longestName_bytes = 256;

// Above what a write's count and flag can be.
constexpr std::uint64_t kindMark = 0x4000;
static_assert(kindMark > (mostWrites << 1 | 1));

bool hasAuxiliary(Operation operation) { return operation == Operation::raise || operation == Operation::transition; }

void encodeLife(Writer& w, const std::optional<Dot>& life) {
  w.number(life ? 1 : 0);
  if (life) w.dot(*life);
}

std::optional<Dot> decodeLife(Reader& in) {
  if (in.numberUpTo(1) == 0) return std::nullopt;
  return in.dot();
}

void encodeWrites(Writer& w, const std::vector<Write>& writes) {
  for (const Write& write : writes) {
    w.number(static_cast<std::uint64_t>(write.field) << 3 | static_cast<std::uint64_t>(write.operation));
    writeValue(w, write.value);
    if (hasAuxiliary(write.operation)) writeValue(w, write.auxiliary);
  }
}

void decodeWrites(Reader& in, std::vector<Write>& writes, std::uint64_t count) {
  if (count > in.left()) in.fail("it has fewer writes than it says");
  writes.resize(static_cast<std::size_t>(count));
  std::uint16_t last = 0;
  for (Write& write : writes) {
    const std::uint64_t tag = in.numberUpTo(0xFFFFULL << 3 | 7);
    write.field = static_cast<std::uint16_t>(tag >> 3);
    if (write.field < last) in.fail("fields out of order");
    last = write.field;
    write.operation = static_cast<Operation>(tag & 7);
    write.value = readValue(in);
    if (hasAuxiliary(write.operation)) write.auxiliary = readValue(in);
  }
}

}  // namespace

Bytes encodeItem(const Item& item) {
  if (item.writes.size() > mostWrites)
    throw Error(Code::limit, "one change of a record may have at most " + std::to_string(mostWrites) +
                                 " values and elements: split it");
  Bytes out;
  out.reserve(512);
  Writer w(out);
  w.id(item.record);
  if (item.kind == ItemKind::write) {
    w.number(item.writes.size() << 1 | (item.creates ? 1U : 0U));
    encodeWrites(w, item.writes);
    return out;
  }
  w.number(kindMark | static_cast<std::uint64_t>(item.kind));
  if (item.kind == ItemKind::destroy) return out;
  if (item.kind == ItemKind::withdraw) w.id(item.move);
  if (item.kind != ItemKind::moveIn) encodeLife(w, item.life);
  if (item.kind == ItemKind::withdraw) return out;
  w.number(item.writes.size());
  encodeWrites(w, item.writes);
  return out;
}

Item decodeItem(BytesView bytes) {
  Reader in(bytes, "change");
  Item item;
  item.record = in.id<RecordId>();
  const std::uint64_t head = in.numberUpTo(kindMark | static_cast<std::uint64_t>(ItemKind::destroy));
  if (head <= (mostWrites << 1 | 1)) {
    item.creates = (head & 1) != 0;
    decodeWrites(in, item.writes, head >> 1);
  } else {
    if (head <= kindMark) in.fail("it is of no kind");
    item.kind = static_cast<ItemKind>(head & ~kindMark);
    const bool ends = item.kind == ItemKind::destroy;
    if (item.kind == ItemKind::withdraw) item.move = in.id<MoveId>();
    if (item.kind != ItemKind::moveIn && !ends) item.life = decodeLife(in);
    if (item.kind != ItemKind::withdraw && !ends) decodeWrites(in, item.writes, in.numberUpTo(mostWrites));
  }
  in.end();
  return item;
}

void writeCompartment(Writer& out, const Compartment& compartment) {
  out.number(static_cast<std::uint64_t>(compartment.level));
  out.number(compartment.circles.size());
  for (const std::string& circle : compartment.circles) out.text(circle);
}

Compartment readCompartment(Reader& in) {
  Compartment c;
  c.level = static_cast<Level>(in.numberUpTo(allLevels.size() - 1));
  c.circles.resize(static_cast<std::size_t>(in.numberUpTo(mostCircles)));
  for (std::size_t i = 0; i < c.circles.size(); ++i) {
    c.circles[i] = in.text(longestName_bytes);
    if (i > 0 && c.circles[i] <= c.circles[i - 1]) in.fail("circles out of order");
  }
  return c;
}

Bytes encodeHeader(const Header& header) {
  Bytes out;
  Writer w(out);
  w.number(formatVersion);
  writeCompartment(w, header.compartment);
  w.author(header.author);
  w.number(header.sequence);
  w.number(header.lamport);
  w.signedNumber(header.at);
  w.text(header.actor);
  w.number(header.dependencies.size());
  for (const Dot& dot : header.dependencies) w.dot(dot);
  w.number(header.epoch);
  w.raw(header.nonce);
  w.raw(header.commitment);
  w.number(header.items);
  return out;
}

Header decodeHeader(BytesView bytes) {
  Reader in(bytes, "changeset header");
  if (in.number() != formatVersion)
    throw Error(Code::newerFormat, "a changeset is of a later format than this version reads: update the program");
  Header h;
  h.compartment = readCompartment(in);
  h.author = in.author();
  if (h.author.incarnation == 0 || h.author.incarnation > mostIncarnations) in.fail("no site has so many lives");
  h.sequence = in.number();
  h.lamport = in.numberUpTo(std::uint64_t{1} << 48);
  h.at = in.signedNumber();
  h.actor = in.text(longestName_bytes);
  const std::size_t dependencies = in.count();
  if (dependencies > mostDependencies) in.fail("too many dependencies");
  h.dependencies.reserve(dependencies);
  for (std::size_t i = 0; i < dependencies; ++i) {
    h.dependencies.push_back(in.dot());
    if (i > 0 && !(h.dependencies[i - 1].author < h.dependencies[i].author)) in.fail("dependencies out of order");
  }
  h.epoch = static_cast<std::uint32_t>(in.numberUpTo(UINT32_MAX));
  std::memcpy(h.nonce.data(), in.raw(h.nonce.size()).data(), h.nonce.size());
  std::memcpy(h.commitment.data(), in.raw(h.commitment.size()).data(), h.commitment.size());
  h.items = static_cast<std::size_t>(in.numberUpTo(mostItems));
  in.end();
  if (h.sequence == 0 || h.lamport == 0) in.fail("numbers begin with one");
  return h;
}

std::vector<SealedItem> splitItems(BytesView items, std::size_t count) {
  Reader in(items, "sealed items");
  std::vector<SealedItem> out;
  out.reserve(std::min(count, mostItems));
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint64_t frame = in.number();
    if (frame >> 1 > in.left()) in.fail("an item is cut");
    out.push_back({(frame & 1) != 0, in.raw(static_cast<std::size_t>(frame >> 1))});
    if (out.back().scrubbed && out.back().bytes.size() != sizeof(Hash)) in.fail("a scrubbed item is no hash");
  }
  in.end();
  return out;
}

Hash entryHash(const Hash& previous, BytesView header, const std::vector<SealedItem>& items) {
  Hasher hasher("cinnabar entry");
  hasher.add(previous).add(hashOf("cinnabar header", header));
  for (const SealedItem& item : items) {
    if (item.scrubbed)
      hasher.add(item.bytes);
    else
      hasher.add(hashOf("cinnabar item", item.bytes));
  }
  return hasher.finish();
}

}  // namespace cinnabar

// What a row keeps of its registers in _meta. Byte layout: core/vault/FORMAT.md.
#include "core/base/error.h"
#include "core/record/row.h"

namespace cinnabar {
namespace {

// How a register is kept in _meta.
enum class Form : std::uint8_t {
  dot = 0,        // one sibling; its value stands in the column
  additions = 1,  // of the elements that stand in the column, in order
  whole = 2,      // everything, values included
};

void writeLocalDot(Writer& w, const LocalDot& dot) {
  w.number(dot.author);
  w.number(dot.lamport);
}
LocalDot readLocalDot(Reader& in) {
  LocalDot dot;
  dot.author = static_cast<std::uint32_t>(in.numberUpTo(UINT32_MAX));
  dot.lamport = in.number();
  return dot;
}

void writeAdditions(Writer& w, const Element& element) {
  w.number(element.additions.size());
  for (const Addition& a : element.additions) {
    writeLocalDot(w, a.dot);
    w.number(a.place);
  }
}
void readAdditions(Reader& in, Element& element) {
  element.additions.resize(in.count());
  for (Addition& a : element.additions) {
    a.dot = readLocalDot(in);
    a.place = static_cast<std::uint32_t>(in.numberUpTo(UINT32_MAX));
  }
}

void writeWhole(Writer& w, const Register& reg) {
  w.number(static_cast<std::uint64_t>(reg.operation));
  w.signedNumber(reg.sum);
  w.number(reg.siblings.size());
  for (const Sibling& s : reg.siblings) {
    writeLocalDot(w, s.dot);
    writeValue(w, s.value);
    writeValue(w, s.auxiliary);
  }
  w.number(reg.elements.size());
  for (const Element& e : reg.elements) {
    writeValue(w, e.value);
    writeAdditions(w, e);
  }
}
Register readWhole(Reader& in) {
  Register reg;
  reg.operation = static_cast<Operation>(in.numberUpTo(7));
  reg.sum = in.signedNumber();
  reg.siblings.resize(in.count());
  for (Sibling& s : reg.siblings) {
    s.dot = readLocalDot(in);
    s.value = readValue(in);
    s.auxiliary = readValue(in);
  }
  reg.elements.resize(in.count());
  for (Element& e : reg.elements) {
    e.value = readValue(in);
    readAdditions(in, e);
  }
  return reg;
}

}  // namespace

Bytes Rows::encodeMeta(const Row& row) const {
  Bytes out;
  Writer w(out);
  const bool plainHead = row.heads.size() == 1;
  if (!plainHead) {
    w.number(static_cast<std::uint64_t>(deletedRegister) << 2 | static_cast<std::uint64_t>(Form::whole));
    Register heads;
    heads.operation = Operation::assign;
    heads.siblings = row.heads;
    writeWhole(w, heads);
  }
  for (const auto& [number, reg] : row.kept) {
    Form form = Form::whole;
    if (field(number) != nullptr) {
      if (holdsElements(reg.operation) && (reg.elements.empty() || isNull(reg.elements.front().value)))
        form = Form::additions;
      else if (reg.siblings.size() == 1 && reg.operation != Operation::raise && isNull(reg.siblings.front().auxiliary))
        form = Form::dot;
    }
    w.number(static_cast<std::uint64_t>(number) << 2 | static_cast<std::uint64_t>(form));
    if (form == Form::dot) {
      writeLocalDot(w, reg.siblings.front().dot);
    } else if (form == Form::additions) {
      w.number(reg.elements.size());
      for (const Element& e : reg.elements) writeAdditions(w, e);
    } else {
      writeWhole(w, reg);
    }
  }
  return out;
}

void Rows::decodeMeta(Row& row, BytesView bytes) const {
  try {
    Reader in(bytes, "row metadata");
    while (!in.atEnd()) {
      const std::uint64_t tag = in.numberUpTo(0xFFFFULL << 2 | 3);
      const auto number = static_cast<FieldNumber>(tag >> 2);
      Register reg;
      switch (static_cast<Form>(tag & 3)) {
        case Form::dot:
          if (const Field* f = field(number)) reg.operation = operationOf(f->merge);
          reg.siblings.push_back({readLocalDot(in), {}, {}});
          break;
        case Form::additions:
          if (const Field* f = field(number)) reg.operation = operationOf(f->merge);
          reg.elements.resize(in.count());
          for (Element& e : reg.elements) readAdditions(in, e);
          break;
        case Form::whole: reg = readWhole(in); break;
        default: in.fail("an unknown form");
      }
      if (number == deletedRegister)
        row.heads = std::move(reg.siblings);
      else
        row.kept[number] = std::move(reg);
    }
  } catch (const Error& error) {
    throw Error(Code::damaged, std::string("a row of ") + table_ + ": " + error.what());
  }
}

}  // namespace cinnabar

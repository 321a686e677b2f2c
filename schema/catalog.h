// What a record is: entities, fields, merge classes and state machines, read by reflection from
// compiled Cap'n Proto schema. Nothing else in the product knows an entity by name.
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <capnp/schema.h>

#include "schema/number_form.h"
#include "schema/text_form.h"

namespace cinnabar {

// A schema that cannot be read or breaks a rule of annotations.capnp. The message names what and where.
class SchemaError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

enum class Kind : std::uint8_t {
  text,
  boolean,
  integer,
  money,
  date,
  instant,
  minutes,
  metres,
  millilitres,
  label,
  blob,
  enumeration,
  reference,
  list,
  structure,
};

enum class MergeClass : std::uint8_t {
  lastWriter,
  conflict,
  ratchet,
  counter,
  addWins,
  appendOnly,
  owner,
  state,
};

// The word by which command.md names a kind ("text", "bool", "int", …) or a merge class.
std::string_view wordOf(Kind kind);
std::string_view wordOf(MergeClass merge);

struct Member;

struct ValueType {
  Kind kind = Kind::text;
  std::vector<std::string> values;        // enumeration: schema names in order, without the reserved `unset`
  std::string target;                     // reference: entity name or "any"
  std::shared_ptr<const ValueType> item;  // list
  std::vector<Member> members;            // structure
};

struct Member {
  std::string name;
  std::string title;
  ValueType type;
};

// Numbers are permanent: they are what a change log and a peer with another schema know a field by.
// Below commonFields: the Cap'n Proto ordinal. From there on: what every record has.
using FieldNumber = std::uint16_t;
inline constexpr FieldNumber commonFields = 0xF000;
inline constexpr FieldNumber noteField = 0xF000;
inline constexpr FieldNumber archivedField = 0xF001;
inline constexpr std::size_t commonFieldCount = 2;

struct Field {
  FieldNumber number = 0;
  std::string name;
  std::string title;  // 中文
  ValueType type;
  MergeClass merge = MergeClass::lastWriter;
  bool required = false;
  bool computed = false;  // never written by a user
  bool search = false;    // in full text
  bool indexed = false;   // has an index of its own
  bool inIndex = false;   // is part of one, its own or a longer one: then its texts are short and lie in their row
  bool owner = false;     // only the owning site writes it, also when its merge class is another (a set)
  bool earliest = false;  // ratchet: the least value wins, instead of the greatest
  std::string article;
  std::string reading;  // how an unclear place of the article is taken; mostly empty

  // Where a message holds it: words for a whole number, 16-bit places for a word of an enum, else a pointer's place.
  // A whole number lies there XORed with its default. Not for the common fields, which no message holds.
  std::uint32_t slot = 0;
  std::int64_t slotDefault = 0;

  // What the regulations demand of a value; none where they do not.
  std::optional<std::int64_t> least;     // of a whole number
  std::optional<std::int64_t> most;      // of a whole number, or of a list's elements
  std::string format;                    // ECMAScript regular expression that matches the whole text
  std::shared_ptr<const TextForm> form;  // the same, ready to use; null: none
  std::string unit;                      // 中文, of a whole number
  std::string clash;                     // the violation that concurrent writes of it are; empty: none

  // Whether a value can break what the regulations demand of it. Asked for each value that is written.
  bool bounded() const { return least || most || form; }
};

struct Transition {
  std::string from;
  std::string to;
  std::string who;      // may be empty
  std::string article;  // may be empty
  bool reason = false;  // a reason must be given
  std::string field;    // whose machine it belongs to
};

// What a record may not be: kept all the same, and a violation while it is so.
struct Prohibition {
  std::string name;
  std::string when;  // an SQL condition over the record's fields
  std::string field;
  std::string article;
  std::string count;  // an SQL expression: how many it concerns; empty: it is not counted
};

// States that a record cannot take while records of another entity that name it are open.
struct Bar {
  std::vector<std::string> to;
  std::string entity, field;         // of those that name it
  std::vector<std::string> settled;  // their states that do not count
  std::string show;                  // their field by which they are told
  std::string rule;
  std::string article;
};

// States that a record takes only once another, which names it, says what is needed.
struct Need {
  std::vector<std::string> to;
  std::string when;           // an SQL condition in which :name is a field of the record; empty: always
  std::string entity, field;  // of what names it
  std::string having;         // an SQL condition over that one's fields, and :name
  std::string what;           // in words
  std::string rule;
  std::string article;
};

struct EntityType {
  std::uint64_t typeId = 0;
  std::uint32_t tag = 0;  // 24 bits, part of every record's id; derived from typeId; unique in a catalogue
  std::string name;
  std::string title;
  std::string regulation;
  std::string article;
  std::string kind;                         // case, event, master, register, plan, config
  std::string defaultLabel;                 // a level's name
  std::vector<std::string> defaultCircles;  // beside defaultLabel
  std::string labelRule;                    // whose label it takes, in words; may be empty
  std::string reading;                      // how an unclear place of the article is taken; mostly empty
  std::string series;                       // empty: none
  std::string seriesField;                  // the field that the series numbers; empty: none
  NumberForm numberForm;                    // how a number of the series is written
  std::string numberWhen;                   // the state in which one is given; empty: with the record
  std::vector<std::string> beforeNumber;    // the states in which it has none yet
  std::string keep;
  std::string owner;
  bool ownedByOffice = false;  // owner fields are written by the founding office; else by the record's first site
  bool appendOnly = false;
  std::vector<FieldNumber> key;                   // natural key; empty: none
  std::vector<std::vector<FieldNumber>> indexes;  // declared beside the single-field ones
  std::vector<Field> fields;                      // in order of number, the common ones last
  std::vector<FieldNumber> required;              // what a record must have from its beginning; ascending
  std::string stateField;                         // the record's state; empty: none
  std::vector<std::string> initialStates;         // empty: the first value
  std::vector<Transition> transitions;
  std::vector<Prohibition> prohibitions;
  std::vector<Bar> bars;
  std::vector<Need> needs;

  // Of its struct in a message, in words and pointers.
  std::uint16_t dataWords = 0;
  std::uint16_t pointers = 0;

  // Null if there is none. O(1).
  const Field* find(std::string_view fieldName) const;
  const Field* find(FieldNumber number) const;

  std::unordered_map<std::string, std::size_t> byName;
  std::unordered_map<FieldNumber, std::size_t> byNumber;
};

// Immutable after loading; may be shared by threads.
class Catalog {
 public:
  // The schema that the library was built with.
  static std::shared_ptr<const Catalog> builtIn();

  // The built-in schema and a host's own: the bytes of a CodeGeneratorRequest as `capnp compile -o-` writes it.
  // Throws SchemaError for bytes that are none, names or tags that clash, or annotations that contradict.
  static std::shared_ptr<const Catalog> withHostSchema(std::span<const std::uint8_t> compiled);

  ~Catalog();
  const std::vector<EntityType>& entities() const { return entities_; }
  // Null if there is none. O(1).
  const EntityType* find(std::string_view name) const;
  const EntityType* findTag(std::uint32_t tag) const;
  // Those that open records of this entity raise against what they name.
  std::span<const Bar* const> barsRaisedBy(const EntityType& entity) const;
  capnp::StructSchema structOf(const EntityType& entity) const;

  int version() const { return version_; }
  // 32 hex digits over names, numbers, types and merge classes: equal schemas, equal hashes.
  const std::string& hash() const { return hash_; }

 private:
  struct Loaded;
  Catalog();
  static std::shared_ptr<const Catalog> load(std::span<const std::span<const std::uint8_t>> requests);

  std::unique_ptr<Loaded> loaded_;
  std::vector<EntityType> entities_;
  std::unordered_map<std::string_view, std::size_t> byName_;
  std::unordered_map<std::uint32_t, std::size_t> byTag_;
  std::unordered_map<std::string_view, std::vector<const Bar*>> barsRaised_;  // by the entity that raises them
  int version_ = 1;
  std::string hash_;
};

}  // namespace cinnabar

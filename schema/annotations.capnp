# What a struct must say to be an entity, and a field to be one of a record. Read by reflection (catalog.h).
@0xe1f0a2c7b5d34981;

# Absent whole numbers: a record tells "not given" from zero.
const absent :Int64 = -0x8000000000000000;

# A truth value that may be absent.
enum Flag { unset @0; no @1; yes @2; }

enum Level { unset @0; public @1; internal @2; confidential @3; secret @4; topSecret @5; }

enum Merge {
  lastWriter @0; conflict @1; ratchet @2; counter @3; addWins @4; appendOnly @5; owner @6; state @7;
}

# ---- of an entity
annotation entity @0xb1d2c3a4e5f60701 (struct) :Text;       # 中文
annotation regulation @0xb1d2c3a4e5f60702 (struct) :Text;   # where it comes from
annotation kind @0xb1d2c3a4e5f60703 (struct) :Text;         # case, event, master, register, plan, config
annotation label @0xb1d2c3a4e5f60704 (struct) :Level;       # of a record put without one
annotation labelRule @0xb1d2c3a4e5f60705 (struct) :Text;    # whose label it takes, in words
annotation series @0xb1d2c3a4e5f60706 (struct) :Text;
annotation keep @0xb1d2c3a4e5f60707 (struct) :Text;         # retention
annotation ownerUnit @0xb1d2c3a4e5f60708 (struct) :Text;
annotation ownedByOffice @0xb1d2c3a4e5f60709 (struct) :Void;
annotation index @0xb1d2c3a4e5f6070a (struct) :List(Text);  # "field,field" for lists in that order
annotation machine @0xb1d2c3a4e5f6070b (struct) :List(Step);

struct Step {
  from @0 :Text;
  to @1 :Text;
  who @2 :Text;
  article @3 :Text;
  reason @4 :Bool;
  field @5 :Text;   # whose machine, where a record has a second state; empty: `state`
}

# What a record may not be. Such a one is kept, and stands among the violations while it is so.
annotation prohibited @0xb1d2c3a4e5f60740 (struct) :List(Prohibition);

struct Prohibition {
  name @0 :Text;     # the violation's kind
  when @1 :Text;     # an SQL condition over the record's own fields
  field @2 :Text;
  article @3 :Text;
  count @4 :Text;    # an SQL expression over them: how many it concerns; empty: it is not counted
}

# A state that a record cannot take while others that name it are open.
annotation barred @0xb1d2c3a4e5f60741 (struct) :List(Bar);

struct Bar {
  to @0 :List(Text);       # the states
  by @1 :Text;             # Entity.field of those that name it
  settled @2 :List(Text);  # their states that do not count
  show @3 :Text;           # their field by which they are told
  rule @4 :Text;
  article @5 :Text;
}

# A state that a record takes only once another that names it says what is needed. `:name` is a field of the record.
annotation needed @0xb1d2c3a4e5f60743 (struct) :List(Need);

struct Need {
  to @0 :List(Text);    # the states
  when @1 :Text;        # an SQL condition over the record's fields; empty: always
  by @2 :Text;          # Entity.field of what names it
  having @3 :Text;      # an SQL condition over that one's fields, and the record's
  what @4 :Text;        # in words: what is needed
  rule @5 :Text;
  article @6 :Text;
}

annotation initial @0xb1d2c3a4e5f6070d (struct) :List(Text);     # where a record may begin; else the first state
annotation appendOnly @0xb1d2c3a4e5f6070e (struct) :Void;        # its records are never changed
annotation circle @0xb1d2c3a4e5f6070f (struct) :List(Text);      # beside $label, of a record put without one

# ---- of an entity or a field
annotation article @0xb1d2c3a4e5f6070c (struct, field) :Text;
annotation reading @0xb1d2c3a4e5f60722 (struct, field) :Text;    # how an unclear place of the article is taken

# ---- of a field
annotation title @0xb1d2c3a4e5f60710 (field) :Text;         # 中文
annotation merge @0xb1d2c3a4e5f60711 (field) :Merge;
annotation required @0xb1d2c3a4e5f60712 (field) :Void;
annotation search @0xb1d2c3a4e5f60713 (field) :Void;
annotation indexed @0xb1d2c3a4e5f60714 (field) :Void;
annotation computed @0xb1d2c3a4e5f60715 (field) :Void;
annotation ownerOnly @0xb1d2c3a4e5f60716 (field) :Void;     # beside another merge class
annotation earliest @0xb1d2c3a4e5f60717 (field) :Void;      # a ratchet whose least value wins
annotation key @0xb1d2c3a4e5f60718 (field) :Void;           # part of the natural key, in order of fields
annotation numbered @0xb1d2c3a4e5f60719 (field) :Void;      # gets the series' number
annotation date @0xb1d2c3a4e5f6071a (field) :Void;          # Text: 2026-11-23
annotation instant @0xb1d2c3a4e5f6071b (field) :Void;       # Text: 2026-11-23T08:00:00+08:00
annotation money @0xb1d2c3a4e5f6071c (field) :Void;         # Int64: fen
annotation minutes @0xb1d2c3a4e5f6071d (field) :Void;
annotation metres @0xb1d2c3a4e5f6071e (field) :Void;
annotation millilitres @0xb1d2c3a4e5f6071f (field) :Void;
annotation ref @0xb1d2c3a4e5f60720 (field) :Text;           # Data, 16 bytes: an entity's name or "any"
annotation blob @0xb1d2c3a4e5f60721 (field) :Void;          # Data, 16 bytes: an attachment's content

# What the regulations demand of a value. Of a list, $most is of the number of elements.
annotation least @0xb1d2c3a4e5f60723 (field) :Int64;
annotation most @0xb1d2c3a4e5f60724 (field) :Int64;
annotation format @0xb1d2c3a4e5f60725 (field) :Text;        # a regular expression that matches the whole text
annotation clash @0xb1d2c3a4e5f60742 (field) :Text;         # the violation that concurrent writes of it are
annotation unit @0xb1d2c3a4e5f60726 (field) :Text;          # 中文, of a whole number

# Of a $numbered field: how its numbers are written, "{organMark}〔{year}〕{n}号" with fields of the record, and the
# state in which one is given. Without: "〔{year}〕{n}号", and when the record is made.
annotation numberForm @0xb1d2c3a4e5f60727 (field) :Text;
annotation numberWhen @0xb1d2c3a4e5f60728 (field) :Text;

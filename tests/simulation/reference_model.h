// What the merge classes mean, said once more and differently: from the set of all changes that a site has, by
// definition, with nothing kept between two questions. Shares no code with the product.
#pragma once
#include <algorithm>
#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

namespace cinnabar::test {

// An author: a site's id as bytes, and which of its lives.
using Hand = std::pair<std::string, unsigned>;
// How many changes of each author one has.
using Known = std::map<Hand, std::uint64_t>;

enum class Means { lastWriter, conflict, ratchet, earliest, counter, set, lines, state };

struct Said {
  std::string field;
  Means means = Means::lastWriter;
  nlohmann::json value;                     // counter: what is added; lines: the line
  std::vector<std::string> added, removed;  // set
  std::int64_t rank = 0;                    // ratchet
};

struct Event {
  Hand author;
  std::uint64_t sequence = 0;
  Known past;  // what its author had when it wrote
  std::string record;
  bool deletes = false;
  std::vector<Said> said;
  std::uint64_t count = 0;  // one more than the greatest in its past
};

struct Shown {
  bool there = false;
  std::map<std::string, nlohmann::json> fields;
  std::set<std::string> conflicts;
};

class ReferenceModel {
 public:
  // Of one compartment. The events of an author come in order.
  void add(Event event) {
    for (const Event& e : events_)
      if (isIn(event.past, e)) event.count = std::max(event.count, e.count);
    ++event.count;
    events_.push_back(std::move(event));
  }

  std::set<std::string> records(const Known& known) const {
    std::set<std::string> out;
    for (const Event& e : events_)
      if (isIn(known, e)) out.insert(e.record);
    return out;
  }

  // `order`: of a state's words, later ones win; the closed one always does, since nothing leads out of it.
  Shown show(const std::string& record, const Known& known, const std::vector<std::string>& order) const {
    std::vector<const Event*> all;
    for (const Event& e : events_)
      if (e.record == record && isIn(known, e)) all.push_back(&e);
    Shown out;
    bool kept = false, deleted = false;
    for (const Event* e : maximal(all)) (e->deletes ? deleted : kept) = true;
    out.there = kept;
    if (kept && deleted) out.conflicts.insert("_deleted");

    std::map<std::string, Means> fields;
    for (const Event* e : all)
      for (const Said& s : e->said) fields.emplace(s.field, s.means);
    for (const auto& [field, means] : fields) {
      std::vector<const Event*> writers;
      for (const Event* e : all)
        if (saidOn(*e, field) != nullptr) writers.push_back(e);
      nlohmann::json value = valueOf(field, means, writers, order, out);
      if (!value.is_null()) out.fields[field] = std::move(value);
    }
    return out;
  }

 private:
  static bool isIn(const Known& known, const Event& e) {
    const auto at = known.find(e.author);
    return at != known.end() && at->second >= e.sequence;
  }
  static bool later(const Event* a, const Event* b) {
    return std::pair(a->count, a->author) > std::pair(b->count, b->author);
  }
  static const Said* saidOn(const Event& e, const std::string& field) {
    for (const Said& s : e.said)
      if (s.field == field) return &s;
    return nullptr;
  }
  // Those that no other has in its past.
  static std::vector<const Event*> maximal(const std::vector<const Event*>& of) {
    std::vector<const Event*> out;
    for (const Event* e : of)
      if (std::none_of(of.begin(), of.end(), [&](const Event* other) { return other != e && isIn(other->past, *e); }))
        out.push_back(e);
    return out;
  }

  static nlohmann::json valueOf(const std::string& field, Means means, std::vector<const Event*> writers,
                                const std::vector<std::string>& order, Shown& shown) {
    const auto said = [&](const Event* e) -> const Said& { return *saidOn(*e, field); };
    switch (means) {
      case Means::lastWriter:
        return said(*std::max_element(writers.begin(), writers.end(), [](auto a, auto b) { return later(b, a); }))
            .value;
      case Means::conflict: {
        const auto standing = maximal(writers);
        std::set<nlohmann::json> distinct;
        for (const Event* e : standing) distinct.insert(said(e).value);
        if (distinct.size() > 1) shown.conflicts.insert(field);
        return said(*std::max_element(standing.begin(), standing.end(), [](auto a, auto b) { return later(b, a); }))
            .value;
      }
      case Means::ratchet:
      case Means::earliest: {
        const Event* best = writers.front();
        for (const Event* e : writers)
          if (means == Means::ratchet ? said(e).rank > said(best).rank : said(e).rank < said(best).rank) best = e;
        return said(best).value;
      }
      case Means::counter: {
        std::int64_t sum = 0;
        for (const Event* e : writers) sum += said(e).value.get<std::int64_t>();
        return sum;
      }
      case Means::set: {
        std::set<std::string> in;
        for (const Event* e : writers)
          for (const std::string& element : said(e).added) {
            const bool gone = std::any_of(writers.begin(), writers.end(), [&](const Event* other) {
              const auto& removed = said(other).removed;
              return other != e && std::find(removed.begin(), removed.end(), element) != removed.end() &&
                     isIn(other->past, *e);
            });
            if (!gone) in.insert(element);
          }
        return in.empty() ? nlohmann::json() : nlohmann::json(in);
      }
      case Means::lines: {
        std::sort(writers.begin(), writers.end(), [](const Event* a, const Event* b) { return later(b, a); });
        std::string text;
        for (const Event* e : writers) text += (text.empty() ? "" : "\n") + said(e).value.get<std::string>();
        return text;
      }
      case Means::state: {
        std::size_t best = 0;
        for (const Event* e : maximal(writers))
          best = std::max(
              best, static_cast<std::size_t>(std::find(order.begin(), order.end(), said(e).value.get<std::string>()) -
                                             order.begin()));
        return order.at(best);
      }
    }
    return nullptr;
  }

  std::vector<Event> events_;
};

}  // namespace cinnabar::test

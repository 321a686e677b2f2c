// A small ordered map in one block of memory: for the few fields of a record, where a tree would pay an
// allocation each. Cost of inserting in order: as push_back; elsewhere: what lies behind moves.
#pragma once
#include <algorithm>
#include <utility>
#include <vector>

namespace cinnabar {

template <class Key, class Value>
class FlatMap {
 public:
  using Entries = std::vector<std::pair<Key, Value>>;
  using iterator = typename Entries::iterator;
  using const_iterator = typename Entries::const_iterator;

  iterator begin() { return entries_.begin(); }
  iterator end() { return entries_.end(); }
  const_iterator begin() const { return entries_.begin(); }
  const_iterator end() const { return entries_.end(); }
  bool empty() const { return entries_.empty(); }
  std::size_t size() const { return entries_.size(); }
  void reserve(std::size_t size) { entries_.reserve(size); }
  bool operator==(const FlatMap&) const = default;

  const_iterator find(const Key& key) const {
    const auto at = placeOf(entries_, key);
    return at != end() && at->first == key ? at : end();
  }
  iterator find(const Key& key) {
    const auto at = placeOf(entries_, key);
    return at != end() && at->first == key ? at : end();
  }
  bool contains(const Key& key) const { return find(key) != end(); }
  Value& operator[](const Key& key) {
    if (entries_.empty() || entries_.back().first < key) return entries_.emplace_back(key, Value{}).second;
    const auto at = placeOf(entries_, key);
    return at->first == key ? at->second : entries_.emplace(at, key, Value{})->second;
  }
  void erase(const_iterator at) { entries_.erase(at); }
  void erase(const Key& key) {
    if (const auto at = find(key); at != end()) entries_.erase(at);
  }

 private:
  template <class Of>
  static auto placeOf(Of& entries, const Key& key) {
    return std::lower_bound(entries.begin(), entries.end(), key,
                            [](const auto& entry, const Key& k) { return entry.first < k; });
  }
  Entries entries_;
};

}  // namespace cinnabar

// Registers by themselves: what stands follows from the writes and from what each had seen, not from their order of
// arrival.
#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <random>

#include "core/record/register.h"
#include "core/record/row.h"
#include "tests/builder/prefecture.h"

using namespace cinnabar;
using namespace cinnabar::test;

namespace {

// A write with its dot and the writes before it that its author had seen, by their places in the story.
struct Event {
  LocalDot dot;
  std::vector<std::size_t> past;
  Write write;
};

bool higher(std::uint32_t a, std::uint32_t b) { return a > b; }

Register shownAfter(const std::vector<Event>& story, const std::vector<std::size_t>& order) {
  Register reg;
  reg.operation = kindOf(story.front().write.operation);
  for (const std::size_t at : order) {
    const Event& event = story[at];
    const Covers covers = [&](const LocalDot& dot) {
      return std::any_of(event.past.begin(), event.past.end(), [&](std::size_t p) { return story[p].dot == dot; });
    };
    apply(reg, event.write, event.dot, 0, covers, higher);
  }
  return reg;
}

// Who raised a ratchet to where it stands says nothing: it is in no digest.
bool same(const Register& a, const Register& b) {
  const auto sameSibling = [&](const Sibling& x, const Sibling& y) {
    return (a.operation == Operation::raise || x.dot == y.dot) && x.value == y.value;
  };
  const auto sameElement = [](const Element& x, const Element& y) {
    return x.value == y.value && x.additions == y.additions;
  };
  return a.sum == b.sum &&
         std::equal(a.siblings.begin(), a.siblings.end(), b.siblings.begin(), b.siblings.end(), sameSibling) &&
         std::equal(a.elements.begin(), a.elements.end(), b.elements.begin(), b.elements.end(), sameElement);
}

// Three authors, each of whom has seen some prefix of what the others wrote.
std::vector<Event> someStory(std::mt19937& dice, const std::vector<Operation>& operations) {
  std::vector<Event> story;
  std::vector<std::vector<std::size_t>> seen(3);
  for (std::size_t i = 0; i < 6; ++i) {
    const std::size_t author = dice() % 3;
    for (const std::size_t other : seen[dice() % 3])
      if (std::find(seen[author].begin(), seen[author].end(), other) == seen[author].end())
        seen[author].push_back(other);
    Event event;
    event.past = seen[author];
    Lamport last = 0;
    for (const std::size_t p : event.past) last = std::max(last, story[p].dot.lamport);
    event.dot = {static_cast<std::uint32_t>(author + 1), last + 1};
    event.write.operation = operations[dice() % operations.size()];
    if (event.write.operation == Operation::increment)
      event.write.value = static_cast<std::int64_t>(dice() % 10);
    else
      event.write.value = std::string(1, static_cast<char>('a' + dice() % 3));
    if (event.write.operation == Operation::raise) event.write.auxiliary = static_cast<std::int64_t>(dice() % 2);
    story.push_back(event);
    seen[author].push_back(i);
  }
  return story;
}

bool isPossible(const std::vector<Event>& story, const std::vector<std::size_t>& order) {
  std::vector<bool> there(story.size());
  for (const std::size_t at : order) {
    for (const std::size_t p : story[at].past)
      if (!there[p]) return false;
    there[at] = true;
  }
  return true;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(registers)

BOOST_AUTO_TEST_CASE(what_stands_does_not_depend_on_the_order_of_arrival) {
  std::mt19937 dice(3);
  const std::vector<std::vector<Operation>> kinds = {
      {Operation::set},       {Operation::assign}, {Operation::raise},
      {Operation::increment}, {Operation::append}, {Operation::add, Operation::add, Operation::remove},
      {Operation::transition}};
  for (const std::vector<Operation>& operations : kinds)
    for (int i = 0; i < 40; ++i) {
      const std::vector<Event> story = someStory(dice, operations);
      std::vector<std::size_t> order(story.size());
      for (std::size_t at = 0; at < order.size(); ++at) order[at] = at;
      const Register first = shownAfter(story, order);
      while (std::next_permutation(order.begin(), order.end()))
        if (isPossible(story, order))
          BOOST_REQUIRE_MESSAGE(same(shownAfter(story, order), first),
                                "operation " << static_cast<int>(operations.front()) << ", story " << i);
    }
}

BOOST_AUTO_TEST_CASE(any_two_authors_stand_in_one_order_also_two_lives_of_one_site) {
  Prefecture p({});
  Vault& vault = p.office().vault(Level::open);
  const SiteId site = p.office().identity().site;
  SiteId other = site;
  other.bytes[0] ^= 1;
  vault.begin();
  std::vector<std::uint32_t> numbers;
  for (const Author& author : {Author{site, 3}, Author{other, 1}, Author{site, 2}, Author{other, 2}})
    numbers.push_back(vault.numberOf(author));
  const AuthorAfter after = authorOrderOf(vault);
  for (const std::uint32_t a : numbers)
    for (const std::uint32_t b : numbers) {
      BOOST_TEST(after(a, b) + after(b, a) == (a == b ? 0 : 1));
      BOOST_TEST(after(a, b) == (vault.authorOf(b) < vault.authorOf(a)));
    }
  vault.rollback();
}

BOOST_AUTO_TEST_SUITE_END()

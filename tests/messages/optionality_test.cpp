// SPDX-License-Identifier: BSD-3-Clause
// Absent, null and a value, in all their combinations; boxes.
#include "messages/boxed.hpp"
#include "messages/optionality.hpp"

#include "tests/catch.hpp"

#include <string>
#include <type_traits>
#include <utility>
#include <vector>

using namespace troupe;

namespace {

struct node {
  std::string name;
  maybe<boxed<node>> next;

  friend bool operator==(const node&, const node&) = default;
};

} // namespace

TEST_CASE("a nullable is null or a value", "[messages][optionality]") {
  nullable<std::string> text;
  CHECK_FALSE(text);
  CHECK_FALSE(text.has_value());
  CHECK(text.value_or("other") == "other");
  text = "here";
  CHECK(text);
  CHECK(*text == "here");
  CHECK(text->size() == 4);
  CHECK(text == "here");
  CHECK_FALSE(text == "there");
  CHECK(text.as_optional() == "here");
  text.reset();
  CHECK_FALSE(text);
  CHECK(text == nullable<std::string>{});
  text.emplace(3u, 'x');
  CHECK(text == "xxx");
}

TEST_CASE("a maybe is exactly one of absent, null and a value", "[messages][optionality]") {
  maybe<int> absent;
  auto null = maybe<int>::null();
  maybe<int> zero{0};
  CHECK(absent.is_absent());
  CHECK_FALSE(absent.is_null());
  CHECK_FALSE(absent.has_value());
  CHECK(null.is_null());
  CHECK_FALSE(null.is_absent());
  CHECK_FALSE(null.has_value());
  CHECK(zero.has_value());
  CHECK_FALSE(zero.is_null());
  CHECK_FALSE(zero.is_absent());
  CHECK_FALSE(absent == null);
  CHECK_FALSE(absent == zero);
  CHECK_FALSE(null == zero);
  CHECK(zero == 0);
  CHECK_FALSE(null == 0);
  CHECK(null.value_or(7) == 7);
}

TEST_CASE("a maybe goes from any state to any other", "[messages][optionality]") {
  std::vector<maybe<std::string>> states{{}, maybe<std::string>::null(), {"value"}};
  for (const auto& from : states) {
    for (const auto& to : states) {
      auto moved = from;
      moved = to;
      CHECK(moved == to);
    }
    auto changed = from;
    changed.reset();
    CHECK(changed.is_absent());
    changed = from;
    changed.set_null();
    CHECK(changed.is_null());
    changed = from;
    changed.emplace("new");
    CHECK(changed == "new");
    changed = "newer";
    CHECK(changed == "newer");
    CHECK_FALSE(changed.is_null());
  }
}

TEST_CASE("a null that became a value does not remember it", "[messages][optionality]") {
  auto once_null = maybe<int>::null();
  once_null.emplace(1);
  CHECK(once_null == maybe<int>{1});
  once_null.reset();
  CHECK(once_null.is_absent());
}

TEST_CASE("a box compares what is in it", "[messages][optionality]") {
  node leaf{"leaf", {}};
  node a{"root", boxed<node>{leaf}};
  node b{"root", boxed<node>{leaf}};
  CHECK(a == b);
  CHECK((*a.next)->name == "leaf");
  b.next = boxed<node>{node{"other", {}}};
  CHECK_FALSE(a == b);
  b.next.set_null();
  CHECK_FALSE(a == b);
  CHECK(boxed<int>{} == boxed<int>{0});
}

TEST_CASE("copies of a box share what is in it", "[messages][optionality]") {
  boxed<std::string> first{"text"};
  auto second = first;
  CHECK(&*first == &*second);
  CHECK(second->size() == 4);
}

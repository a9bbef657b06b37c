// SPDX-License-Identifier: BSD-3-Clause
// Rare paths on demand: a point in the code where a simulation makes happen what else happens once a year. Nothing in
// release builds, dormant in all others until a simulation on the same thread wakes it. Separate from everything,
// because any source may hold a point.
#pragma once

#include <cstdint>
#include <string_view>
#include <utility>

namespace troupe::buggify {

/// While it lives, points on this thread may strike. Which of them do in this run, and when, follows from the seed.
class run {
public:
  explicit run(std::uint64_t seed) noexcept : seed_{mixed(seed)}, dice_{seed_}, outer_{std::exchange(current(), this)} {
    // nop
  }
  ~run() {
    current() = outer_;
  }
  run(const run&) = delete;
  run& operator=(const run&) = delete;

  /// For the end of a run: nothing strikes any more.
  void heal() noexcept {
    healed_ = true;
  }

  /// Points that struck.
  [[nodiscard]] std::uint64_t struck() const noexcept {
    return struck_;
  }

  /// Whether the point of this name strikes now. Every fourth point is active in a run; the others never strike in it,
  /// so that rare paths meet in many combinations.
  [[nodiscard]] bool strikes(std::string_view name, double probability) noexcept {
    if (healed_ || mixed(seed_ ^ hashed(name)) % 4 != 0)
      return false;
    dice_ = mixed(dice_);
    auto hit = static_cast<double>(dice_ >> 11) * 0x1p-53 < probability;
    struck_ += hit ? 1 : 0;
    return hit;
  }

  /// The one of this thread; null where none lives.
  [[nodiscard]] static run*& current() noexcept {
    thread_local run* newest = nullptr;
    return newest;
  }

private:
  // splitmix64
  [[nodiscard]] static std::uint64_t mixed(std::uint64_t z) noexcept {
    z += 0x9e3779b97f4a7c15;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
  }
  // FNV-1a
  [[nodiscard]] static std::uint64_t hashed(std::string_view text) noexcept {
    std::uint64_t hash = 14'695'981'039'346'656'037u;
    for (unsigned char c : text)
      hash = (hash ^ c) * 1'099'511'628'211u;
    return hash;
  }

  std::uint64_t seed_;
  std::uint64_t dice_;
  std::uint64_t struck_ = 0;
  bool healed_ = false;
  run* outer_;
};

} // namespace troupe::buggify

/// Whether the rare thing called `name` happens here and now: `if (TROUPE_BUGGIFY("the dial fails", 0.02)) ...`.
#ifdef TROUPE_BUGGIFY_ENABLED
#  define TROUPE_BUGGIFY(name, probability)                                                                            \
    (::troupe::buggify::run::current() != nullptr && ::troupe::buggify::run::current()->strikes((name), (probability)))
#else
#  define TROUPE_BUGGIFY(name, probability) false
#endif

// SPDX-License-Identifier: BSD-3-Clause
// Absent, null, or a value: Discord means different things by them (Discord Docs/Reference, "Nullable and Optional
// Resource Fields"; protocol 5.5). `field?` is a `std::optional`, `?type` a `nullable`, both together a `maybe`.
#pragma once

#include <concepts>
#include <optional>
#include <type_traits>
#include <utility>

namespace troupe {

/// Null or a value. On the wire it is always there.
template <class T>
class nullable {
public:
  using value_type = T; ///< What it holds.

  /// Null.
  constexpr nullable() = default;
  /// Null.
  constexpr nullable(std::nullopt_t) noexcept {
    // nop
  }
  /// A value.
  template <class U = T>
  requires std::convertible_to<U, T> &&(!std::same_as<std::remove_cvref_t<U>, nullable>)constexpr nullable(U&& value)
    : value_{std::forward<U>(value)} {
    // nop
  }

  /// Whether there is a value.
  [[nodiscard]] constexpr bool has_value() const noexcept {
    return value_.has_value();
  }
  /// Whether there is a value.
  constexpr explicit operator bool() const noexcept {
    return value_.has_value();
  }
  /// The value; undefined where there is none.
  [[nodiscard]] constexpr const T& operator*() const& noexcept {
    return *value_;
  }
  /// The value; undefined where there is none.
  [[nodiscard]] constexpr T& operator*() & noexcept {
    return *value_;
  }
  /// The value; undefined where there is none.
  [[nodiscard]] constexpr T&& operator*() && noexcept {
    return *std::move(value_);
  }
  /// The value; undefined where there is none.
  [[nodiscard]] constexpr const T* operator->() const noexcept {
    return &*value_;
  }
  /// The value; undefined where there is none.
  [[nodiscard]] constexpr T* operator->() noexcept {
    return &*value_;
  }
  /// The value, or `other`.
  template <class U>
  [[nodiscard]] constexpr T value_or(U&& other) const {
    return value_.value_or(std::forward<U>(other));
  }
  /// As an optional.
  [[nodiscard]] constexpr const std::optional<T>& as_optional() const noexcept {
    return value_;
  }

  /// Makes a value in place.
  template <class... Args>
  constexpr T& emplace(Args&&... args) {
    return value_.emplace(std::forward<Args>(args)...);
  }
  /// Makes it null.
  constexpr void reset() noexcept {
    value_.reset();
  }

  friend constexpr bool operator==(const nullable& a, const nullable& b) {
    return a.value_ == b.value_;
  }
  /// Whether there is a value, which equals `b`.
  template <class U>
  requires(!std::same_as<U, nullable>)
    && std::convertible_to<const U&, T> friend constexpr bool operator==(const nullable& a, const U& b) {
    return a.value_ && *a.value_ == b;
  }

private:
  std::optional<T> value_;
};

/// Absent, null, or a value.
template <class T>
class maybe {
public:
  using value_type = T; ///< What it holds.

  /// Absent.
  constexpr maybe() = default;
  /// Absent.
  constexpr maybe(std::nullopt_t) noexcept {
    // nop
  }
  /// A value.
  template <class U = T>
  requires std::convertible_to<U, T> &&(!std::same_as<std::remove_cvref_t<U>, maybe>)constexpr maybe(U&& value)
    : value_{std::forward<U>(value)} {
    // nop
  }
  /// Null.
  [[nodiscard]] static constexpr maybe null() {
    maybe result;
    result.set_null();
    return result;
  }

  /// Whether there is a value.
  [[nodiscard]] constexpr bool has_value() const noexcept {
    return value_.has_value();
  }
  /// Whether there is a value.
  constexpr explicit operator bool() const noexcept {
    return value_.has_value();
  }
  /// Whether it is not on the wire at all; in an update: unchanged.
  [[nodiscard]] constexpr bool is_absent() const noexcept {
    return !value_.has_value() && !null_;
  }
  /// Whether it is null; in an update: there is none any more.
  [[nodiscard]] constexpr bool is_null() const noexcept {
    return !value_.has_value() && null_;
  }
  /// The value; undefined where there is none.
  [[nodiscard]] constexpr const T& operator*() const& noexcept {
    return *value_;
  }
  /// The value; undefined where there is none.
  [[nodiscard]] constexpr T& operator*() & noexcept {
    return *value_;
  }
  /// The value; undefined where there is none.
  [[nodiscard]] constexpr T&& operator*() && noexcept {
    return *std::move(value_);
  }
  /// The value; undefined where there is none.
  [[nodiscard]] constexpr const T* operator->() const noexcept {
    return &*value_;
  }
  /// The value; undefined where there is none.
  [[nodiscard]] constexpr T* operator->() noexcept {
    return &*value_;
  }
  /// The value, or `other`.
  template <class U>
  [[nodiscard]] constexpr T value_or(U&& other) const {
    return value_.value_or(std::forward<U>(other));
  }
  /// As an optional; null is nothing.
  [[nodiscard]] constexpr const std::optional<T>& as_optional() const noexcept {
    return value_;
  }

  /// Makes a value in place.
  template <class... Args>
  constexpr T& emplace(Args&&... args) {
    null_ = false;
    return value_.emplace(std::forward<Args>(args)...);
  }
  /// Makes it null.
  constexpr void set_null() noexcept {
    value_.reset();
    null_ = true;
  }
  /// Makes it absent.
  constexpr void reset() noexcept {
    value_.reset();
    null_ = false;
  }

  friend constexpr bool operator==(const maybe& a, const maybe& b) {
    return a.value_ == b.value_ && (a.value_ || a.null_ == b.null_);
  }
  /// Whether there is a value, which equals `b`.
  template <class U>
  requires(!std::same_as<U, maybe>)
    && std::convertible_to<const U&, T> friend constexpr bool operator==(const maybe& a, const U& b) {
    return a.value_ && *a.value_ == b;
  }

private:
  std::optional<T> value_;
  bool null_ = false;
};

} // namespace troupe

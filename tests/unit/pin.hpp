#pragma once

#include <type_traits>

namespace gpucheck {

/// Whether a value of one type is passed and read like one of the other: what a declaration of our
/// own must keep.
template <class Ours, class Theirs>
constexpr bool same_value() {
  using A = std::remove_cv_t<Ours>;
  using B = std::remove_cv_t<Theirs>;
  if constexpr (std::is_pointer_v<A> && std::is_pointer_v<B>) {
    using C = std::remove_pointer_t<A>;
    using D = std::remove_pointer_t<B>;
    return std::is_const_v<C> == std::is_const_v<D> && same_value<C, D>();
  } else if constexpr (std::is_class_v<A> && std::is_class_v<B>) {
    return true;  // Behind a pointer it may be opaque; sizes and offsets are pinned one by one.
  } else if constexpr (std::is_enum_v<A> || std::is_enum_v<B>) {
    constexpr bool numbers =
        (std::is_enum_v<A> || std::is_integral_v<A>)&&(std::is_enum_v<B> || std::is_integral_v<B>);
    if constexpr (numbers) {
      return sizeof(A) == sizeof(B);
    } else {
      return false;
    }
  } else {
    return std::is_same_v<A, B>;
  }
}

template <class Ours, class Theirs>
struct SameCall : std::false_type {};

template <class R, class... P, class S, class... Q>
struct SameCall<R (*)(P...), S (*)(Q...)> {
  static constexpr bool parameters() {
    if constexpr (sizeof...(P) != sizeof...(Q)) {
      return false;
    } else {
      return (same_value<P, Q>() && ...);
    }
  }
  static constexpr bool value = same_value<R, S>() && parameters();
};

/// Whether the vendor's function can be called through our pointer. Its type alone is asked for: an
/// address would make an unoptimised build want the library.
template <class Theirs, class Ours>
constexpr bool same_call(Ours) {
  return SameCall<Ours, Theirs>::value;
}

}  // namespace gpucheck

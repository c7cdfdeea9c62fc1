#pragma once

#include <cstdint>
#include <string>

#include "gpucheck/op.hpp"

namespace gpucheck {

/// Row-major position of element `flat` in a tensor.
std::vector<std::int64_t> multi_index(const Tensor& tensor, std::int64_t flat);

/// Collects the wrong elements of a tensor, seen as rows of its last dimension, and names what they
/// have in common.
class Pattern {
 public:
  explicit Pattern(const Tensor& tensor);

  void add(std::int64_t flat, std::uint64_t expected_bits, std::uint64_t got_bits);

  /// "row 7", "bit 12 of 40 elements", "unwritten: ..."; empty where nothing is wrong.
  std::string text() const;

 private:
  std::string shared_bit() const;
  std::string place() const;

  const Tensor* tensor_;
  std::int64_t columns_ = 1;
  std::int64_t rows_ = 1;
  std::uint64_t poison_ = 0;
  std::int64_t wrong_ = 0;
  std::int64_t unwritten_ = 0;
  std::int64_t first_ = 0, last_ = 0;
  std::int64_t first_row_ = 0, last_row_ = 0, first_column_ = 0, last_column_ = 0;
  std::uint64_t every_difference_ = ~std::uint64_t{0};  ///< Bits that differ in each wrong element.
  std::uint64_t any_difference_ = 0;                    ///< Bits that differ in some wrong element.
  bool one_lane_ = true;
};

}  // namespace gpucheck

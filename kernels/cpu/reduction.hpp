#pragma once

#include "gpucheck/op.hpp"

namespace gpucheck::onednn {

struct Rows {
  std::int64_t m, n;
};

/// The sum over the rows of a case's first tensor, dense (m, n), into its second of n elements.
Launch sum_over_rows(const Case& c, const Buffers& buffers, const Rows& rows);

}  // namespace gpucheck::onednn

#include "kernels/matmul/product.hpp"

#include <algorithm>
#include <atomic>
#include <cmath>

#include "kernels/matmul/microkernel.hpp"
#include "kernels/threads.hpp"

namespace gpucheck {
namespace {

// A block of C stays in the second-level cache with the panels of A and B that it is made from: 0.6
// MB.
constexpr std::ptrdiff_t block_rows = 96, block_columns = 128, block_depth = 256;

struct Range {
  std::ptrdiff_t begin, end;
  std::ptrdiff_t size() const { return end - begin; }
};

std::ptrdiff_t ceil_div(std::ptrdiff_t a, std::ptrdiff_t b) { return (a + b - 1) / b; }

Range block(std::ptrdiff_t index, std::ptrdiff_t length, std::ptrdiff_t total) {
  return {index * length, std::min(total, (index + 1) * length)};
}

// Panels of `width` lines, each panel depth-major: (lines / width, depth, width); lines past the
// end are zero.
void pack(const double* data, const Offsets& lines, Range line, const Offsets& depths, Range depth,
          std::ptrdiff_t width, double* panel) {
  for (std::ptrdiff_t first = line.begin; first < line.end; first += width) {
    const std::ptrdiff_t valid = std::min(width, line.end - first);
    for (std::ptrdiff_t p = depth.begin; p < depth.end; ++p, panel += width) {
      const double* const column = data + depths[p];
      for (std::ptrdiff_t i = 0; i < valid; ++i) panel[i] = column[lines[first + i]];
      std::fill(panel + valid, panel + width, 0.0);
    }
  }
}

void make_absolute(std::vector<double>& panel, std::ptrdiff_t count) {
  for (std::ptrdiff_t i = 0; i < count; ++i) panel[i] = std::abs(panel[i]);
}

// One thread's block of C with the panels it is made from.
class Block {
 public:
  Block(const GatheredMatrix& a, const GatheredMatrix& b, const Destination& c)
      : a_(a),
        b_(b),
        c_(c),
        panel_a_(block_rows * block_depth),
        panel_b_(block_columns * block_depth),
        values_(block_rows * block_columns),
        magnitudes_(c.magnitudes ? block_rows * block_columns : 0) {}

  void compute(Range row, Range column) {
    std::ranges::fill(values_, 0.0);
    std::ranges::fill(magnitudes_, 0.0);
    const auto depth = std::ptrdiff_t(a_.columns.size());
    for (std::ptrdiff_t i = 0; i < ceil_div(depth, block_depth); ++i)
      accumulate(row, column, block(i, block_depth, depth));
    store(row, column);
  }

 private:
  void accumulate(Range row, Range column, Range depth) {
    pack(a_.data, a_.rows, row, a_.columns, depth, kernel_.rows, panel_a_.data());
    pack(b_.data, b_.columns, column, b_.rows, depth, kernel_.columns, panel_b_.data());
    multiply(row.size(), column.size(), depth.size(), values_.data());
    if (!c_.magnitudes) return;
    make_absolute(panel_a_, ceil_div(row.size(), kernel_.rows) * kernel_.rows * depth.size());
    make_absolute(panel_b_,
                  ceil_div(column.size(), kernel_.columns) * kernel_.columns * depth.size());
    multiply(row.size(), column.size(), depth.size(), magnitudes_.data());
  }

  // Tile (i, j) of the block stands at [(i / rows) * (block_columns * rows) + j * rows], itself
  // row-major.
  void multiply(std::ptrdiff_t rows, std::ptrdiff_t columns, std::ptrdiff_t depth, double* c) {
    for (std::ptrdiff_t j = 0; j < columns; j += kernel_.columns)
      for (std::ptrdiff_t i = 0; i < rows; i += kernel_.rows)
        kernel_.multiply(&panel_a_[i * depth], &panel_b_[j * depth], depth,
                         c + i * block_columns + j * kernel_.rows);
  }

  void store(Range row, Range column) {
    for (std::ptrdiff_t i = 0; i < row.size(); ++i)
      for (std::ptrdiff_t j = 0; j < column.size(); ++j) {
        const std::ptrdiff_t tile_row = i / kernel_.rows * kernel_.rows;
        const std::ptrdiff_t tile_column = j / kernel_.columns * kernel_.columns;
        const std::ptrdiff_t at = tile_row * block_columns + tile_column * kernel_.rows +
                                  (i - tile_row) * kernel_.columns + (j - tile_column);
        const std::ptrdiff_t to = c_.rows[row.begin + i] + c_.columns[column.begin + j];
        c_.values[to] = values_[at];
        if (c_.magnitudes) c_.magnitudes[to] = magnitudes_[at];
      }
  }

  const GatheredMatrix& a_;
  const GatheredMatrix& b_;
  const Destination& c_;
  const Microkernel& kernel_ = fastest_microkernel();
  std::vector<double> panel_a_, panel_b_, values_, magnitudes_;
};

}  // namespace

void product(const GatheredMatrix& a, const GatheredMatrix& b, const Destination& c, int threads) {
  const auto rows = std::ptrdiff_t(c.rows.size()), columns = std::ptrdiff_t(c.columns.size());
  const std::ptrdiff_t blocks_across = ceil_div(columns, block_columns);
  const std::ptrdiff_t blocks = ceil_div(rows, block_rows) * blocks_across;
  // Below a million multiplications (half a millisecond) starting threads costs more than it saves.
  if (double(rows) * double(columns) * double(a.columns.size()) < 1e6) threads = 1;
  std::atomic<std::ptrdiff_t> next{0};
  run_on_threads(int(std::min<std::ptrdiff_t>(threads, blocks)), [&] {
    Block one(a, b, c);
    for (std::ptrdiff_t i = next++; i < blocks; i = next++)
      one.compute(block(i / blocks_across, block_rows, rows),
                  block(i % blocks_across, block_columns, columns));
  });
}

Offsets strided(std::ptrdiff_t count, std::ptrdiff_t stride) {
  Offsets offsets(count);
  for (std::ptrdiff_t i = 0; i < count; ++i) offsets[i] = i * stride;
  return offsets;
}

}  // namespace gpucheck

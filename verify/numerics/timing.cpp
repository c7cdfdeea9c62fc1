#include "verify/numerics/timing.hpp"

#include <algorithm>
#include <cmath>

namespace gpucheck {

Timing summary(std::vector<double> samples) {
  if (samples.empty()) return {};
  std::ranges::sort(samples);
  const std::size_t count = samples.size();
  const auto median = [&] {
    return count % 2 == 1 ? samples[count / 2] : (samples[count / 2 - 1] + samples[count / 2]) / 2;
  };
  // Ranks n/2 -+ 1.96 sqrt(n)/2 of the binomial distribution (Le Boudec, Performance Evaluation,
  // 2010, annex A).
  const double half = 1.96 * std::sqrt(double(count)) / 2;
  std::size_t low = 0, high = count - 1;
  if (count >= 6) {
    low = std::size_t(std::max(0.0, std::floor(double(count) / 2 - half) - 1));
    high = std::min(count - 1, std::size_t(std::ceil(double(count) / 2 + half)));
  }
  return {median(), samples[low], samples[high], int(count)};
}

Timing time_launch(const Place& place, const Launch& launch, double budget_seconds) {
  // A batch is long against the resolution of the time stamps (0.5 us on a GPU) and the launch
  // overhead.
  constexpr double batch_seconds = 5e-4;
  constexpr int most_repeats = 1000, least_samples = 3, most_samples = 50;
  const double once = std::max(place.seconds(launch, 1), 1e-9);
  const int repeats = int(std::clamp(std::ceil(batch_seconds / once), 1.0, double(most_repeats)));
  std::vector<double> samples;
  double spent = 0;
  while (int(samples.size()) < least_samples ||
         (spent < budget_seconds && int(samples.size()) < most_samples)) {
    samples.push_back(place.seconds(launch, repeats));
    spent += std::max(samples.back(), 1e-9) * repeats;
  }
  return summary(std::move(samples));
}

}  // namespace gpucheck

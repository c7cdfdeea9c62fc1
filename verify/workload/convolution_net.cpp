#include "verify/workload/network.hpp"

namespace gpucheck {
namespace {

constexpr std::int64_t batch = 16, side = 16, colours = 3, first_filters = 16, second_filters = 32,
                       classes = 10;
constexpr std::int64_t half_side = side / 2, features = half_side * half_side * second_filters;
constexpr int sgd_steps = 5, adam_steps = 5;

std::int64_t label(std::int64_t image) { return image * 7 % classes; }

// Stripes whose direction and phase follow the label, so that there is something to learn; dyadic,
// in [-1, 1].
Values images(int) {
  Values x;
  for (std::int64_t n = 0; n < batch; ++n)
    for (std::int64_t h = 0; h < side; ++h)
      for (std::int64_t w = 0; w < side; ++w)
        for (std::int64_t c = 0; c < colours; ++c) {
          const std::int64_t stripe = (label(n) * h + (label(n) + 3) * w + 5 * c) % 17;
          const std::int64_t texture = (7 * n + 3 * h * w + 11 * c) % 5;
          x.push_back(double(3 * (stripe - 8) + 4 * (texture - 2)) / 32);
        }
  return x;
}

Values labels(int) {
  Values y;
  for (std::int64_t n = 0; n < batch; ++n) y.push_back(double(label(n)));
  return y;
}

// Quadratic residues scatter well enough; uniform over +-63 / divisor, near 1 / sqrt(inputs of a
// unit).
std::function<Values(int)> weights(std::int64_t count, std::int64_t factor, double divisor) {
  return [=](int) {
    Values w;
    for (std::int64_t i = 0; i < count; ++i)
      w.push_back(double((factor * i * i + 31 * i + 17) % 127 - 63) / divisor);
    return w;
  };
}

// Losses of the ten steps in float64, from an implementation that shares nothing with this one
// (plain loops in Python).
constexpr double losses[] = {2.318765736887, 2.210710716823, 2.008415169559, 1.696933096268,
                             1.283603498022, 0.889087973038, 0.716400333376, 0.569450295982,
                             0.440871401630, 0.331836270499};

std::function<Values(int)> zeros(std::int64_t count) {
  return [count](int) { return Values(std::size_t(count)); };
}

struct Trained {
  const char* name;
  std::int64_t count;
};
constexpr Trained trained[] = {{"w1", first_filters * 9 * colours},
                               {"b1", first_filters},
                               {"w2", second_filters * 9 * first_filters},
                               {"b2", second_filters},
                               {"w3", features* classes},
                               {"b3", classes}};

Case f32_case(std::string_view op, std::vector<Dimension> shape, Layout layout = Layout::none) {
  return {.op = op, .shape = std::move(shape), .layout = layout};
}

Case conv(std::string_view op, std::int64_t extent, std::int64_t channels, std::int64_t filters) {
  return f32_case(op,
                  {{"n", batch},
                   {"c", channels},
                   {"h", extent},
                   {"w", extent},
                   {"k", filters},
                   {"r", 3},
                   {"s", 3},
                   {"pad", 1},
                   {"stride", 1},
                   {"dilation", 1},
                   {"groups", 1}},
                  Layout::nhwc);
}

Case pool(std::string_view op) {
  return f32_case(op,
                  {{"n", batch},
                   {"c", first_filters},
                   {"h", side},
                   {"w", side},
                   {"window", 2},
                   {"stride", 2},
                   {"pad", 0}},
                  Layout::nhwc);
}

Case matrix(std::string_view op, std::int64_t m, std::int64_t n) {
  return f32_case(op, {{"m", m}, {"n", n}});
}

Case matmul(std::string_view op, std::int64_t m, std::int64_t n, std::int64_t k) {
  return f32_case(op, {{"m", m}, {"n", n}, {"k", k}});
}

std::vector<OpStep> forward() {
  const std::int64_t pixels = batch * side * side, cells = batch * half_side * half_side;
  return {{conv("conv2d_fprop", side, colours, first_filters), {"x", "w1", "conv1"}},
          {matrix("bias", pixels, first_filters), {"conv1", "b1", "z1"}},
          {f32_case("relu", {{"n", pixels * first_filters}}), {"z1", "a1"}},
          {pool("max_pool"), {"a1", "p1"}},
          {conv("conv2d_fprop", half_side, first_filters, second_filters), {"p1", "w2", "conv2"}},
          {matrix("bias", cells, second_filters), {"conv2", "b2", "z2"}},
          {f32_case("relu", {{"n", cells * second_filters}}), {"z2", "a2"}},
          {matmul("matmul_nn", batch, classes, features), {"a2", "w3", "linear"}},
          {matrix("bias", batch, classes), {"linear", "b3", "logits"}},
          {matrix("softmax_xent", batch, classes), {"logits", "labels", "losses"}},
          {f32_case("sum", {{"n", batch}}), {"losses", "loss"}}};
}

std::vector<OpStep> backward() {
  const std::int64_t pixels = batch * side * side, cells = batch * half_side * half_side;
  return {{matrix("softmax_xent_grad", batch, classes), {"logits", "labels", "dlogits"}},
          {matrix("bias_grad", batch, classes), {"dlogits", "db3"}},
          {matmul("matmul_nt", features, classes, batch), {"a2", "dlogits", "dw3"}},
          {matmul("matmul_tn", batch, features, classes), {"dlogits", "w3", "da2"}},
          {f32_case("relu_grad", {{"n", cells * second_filters}}), {"a2", "da2", "dz2"}},
          {matrix("bias_grad", cells, second_filters), {"dz2", "db2"}},
          {conv("conv2d_wgrad", half_side, first_filters, second_filters), {"p1", "dz2", "dw2"}},
          {conv("conv2d_dgrad", half_side, first_filters, second_filters), {"dz2", "w2", "dp1"}},
          {pool("max_pool_grad"), {"a1", "p1", "dp1", "da1"}},
          {f32_case("relu_grad", {{"n", pixels * first_filters}}), {"a1", "da1", "dz1"}},
          {matrix("bias_grad", pixels, first_filters), {"dz1", "db1"}},
          {conv("conv2d_wgrad", side, colours, first_filters), {"x", "dz1", "dw1"}}};
}

std::vector<OpStep> update(int step) {
  std::vector<OpStep> ops;
  for (const auto& [parameter, count] : trained) {
    const std::string name = parameter;
    Case c = f32_case("sgd", {{"n", count}});
    c.parameters = {{"lr", 0.05}, {"momentum", 0.9}, {"weight_decay", 0}};
    std::vector<std::string> tensors = {name, name + ".velocity", "d" + name};
    if (step >= sgd_steps) {
      c.op = "adam";
      c.parameters = {{"lr", 1e-3},
                      {"beta1", 0.9},
                      {"beta2", 0.999},
                      {"eps", 1e-8},
                      {"step", double(step - sgd_steps + 1)}};
      tensors = {name, name + ".m", name + ".v", "d" + name};
    }
    ops.push_back({std::move(c), std::move(tensors)});
  }
  return ops;
}

}  // namespace

Network network_e() {
  Network net{.name = "E",
              .initial = {{"x", images},
                          {"labels", labels},
                          {"w1", weights(trained[0].count, 29, 256)},
                          {"b1", zeros(first_filters)},
                          {"w2", weights(trained[2].count, 37, 512)},
                          {"b2", zeros(second_filters)},
                          {"w3", weights(trained[4].count, 41, 2048)},
                          {"b3", zeros(classes)}},
              .loss = "loss",
              .loss_scale = 1.0 / double(batch)};
  for (const auto& [parameter, count] : trained)
    for (const char* state : {".velocity", ".m", ".v"})
      net.initial[std::string(parameter) + state] = zeros(count);
  for (int step = 0; step < sgd_steps + adam_steps; ++step) {
    TrainingStep training{.ops = forward()};
    for (const auto& part : {backward(), update(step)})
      training.ops.insert(training.ops.end(), part.begin(), part.end());
    // The sum over the batch. Rounding moves a training run by far less than one in a thousand in
    // ten steps, a layer that is skipped, or a gradient of the wrong sign, by far more.
    const double loss = losses[step] * double(batch);
    training.expected = {{.tensor = "loss", .values = {loss}, .tolerances = {1e-3 * loss}}};
    net.steps.push_back(std::move(training));
  }
  return net;
}

}  // namespace gpucheck

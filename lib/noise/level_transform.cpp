// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>
#include <array>
#include <cmath>

#include "noise/stabilising_transform.hpp"

namespace rdenoise {
namespace {

constexpr int level_count = NoiseLevelFunction::level_count;
constexpr float level_step = 1.F / (level_count - 1);

// T(x) = ∫ dx/√v with v linear between the levels: within a segment 2·(x − x₀)/(√v₀ + √v), and beyond the levels, where
// v is constant, a straight line.
class LevelTransform final : public VarianceStabiliser::Transform {
 public:
  explicit LevelTransform(const NoiseLevelFunction& variance) {
    const float greatest = *std::ranges::max_element(variance.variance);
    // A level without noise would be stretched without end.
    for (int i = 0; i < level_count; ++i)
      root_[at(i)] = std::sqrt(std::max(variance.variance[at(i)], 1e-4F * greatest));
    for (int i = 0; i + 1 < level_count; ++i)
      value_[at(i + 1)] = value_[at(i)] + 2.F * level_step / (root_[at(i)] + root_[at(i + 1)]);
    for (int i = 0; i < level_count; ++i) {
      const int before = std::max(i - 1, 0);
      const int after = std::min(i + 1, level_count - 1);
      const float rise = root_[at(after)] * root_[at(after)] - root_[at(before)] * root_[at(before)];
      bias_[at(i)] = 0.25F * rise / (static_cast<float>(after - before) * level_step);
    }
  }

  void stabilise(std::span<float> row, float scale) const noexcept override {
    for (float& x : row) {
      const float place = x > 0.F ? std::min(x, 1.F) / level_step : 0.F;
      const int i = std::min(static_cast<int>(place), level_count - 2);
      const float inside = static_cast<float>(i) * level_step;
      const float end = std::clamp(x, 0.F, 1.F);
      const float root = std::sqrt(root_[at(i)] * root_[at(i)] + slope(i) * (end - inside));
      const float beyond = (x - end) / (x > 0.F ? root_.back() : root_.front());
      x = scale * (value_[at(i)] + 2.F * (end - inside) / (root_[at(i)] + root) + beyond);
    }
  }
  void invert(std::span<float> row, float scale) const noexcept override {
    for (float& s : row) s = inverse(s / scale, 0.F);
  }
  // E T(noisy y) = T(y) + ½·T″(y)·v = T(y) − ¼·v′/√v, and as dy = √v·dT that moves y by ¼·v′.
  void restore(std::span<float> row, float scale) const noexcept override {
    for (float& s : row) s = inverse(s / scale, 1.F);
  }

 private:
  static std::size_t at(int index) noexcept { return static_cast<std::size_t>(index); }
  [[nodiscard]] float slope(int i) const noexcept {
    return (root_[at(i + 1)] * root_[at(i + 1)] - root_[at(i)] * root_[at(i)]) / level_step;
  }
  [[nodiscard]] float inverse(float s, float bias_share) const noexcept {
    const float end = s > 0.F ? std::min(s, value_.back()) : 0.F;
    const auto above = std::upper_bound(value_.begin() + 1, value_.end() - 1, end);
    const int i = static_cast<int>(above - value_.begin()) - 1;
    const float t = end - value_[at(i)];
    const float signal = static_cast<float>(i) * level_step + t * (root_[at(i)] + 0.25F * slope(i) * t);
    const float share = t / (value_[at(i + 1)] - value_[at(i)]);
    const float bias = std::lerp(bias_[at(i)], bias_[at(i + 1)], share);
    return signal + bias_share * bias + (s - end) * (s > 0.F ? root_.back() : root_.front());
  }

  std::array<float, level_count> root_{};   ///< √v at the levels
  std::array<float, level_count> value_{};  ///< T at the levels
  std::array<float, level_count> bias_{};   ///< ¼·v′ at the levels
};

}  // namespace

std::shared_ptr<const VarianceStabiliser::Transform> make_level_transform(const NoiseLevelFunction& variance) {
  return std::make_shared<LevelTransform>(variance);
}

}  // namespace rdenoise

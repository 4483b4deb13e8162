// SPDX-License-Identifier: LGPL-2.1-or-later
// A rising curve given by points, and its inverse.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace rdenoise {

/// Points at equal steps of irradiance would do for the one way alone; so both columns are kept, and for each way a
/// list says at which point to begin to look.
class CurveTable {
 public:
  /// Columns as ResponseCurve::tabulated() wants them; `name` is for messages.
  /// throws  Error{invalid_argument}
  CurveTable(std::span<const float> irradiance, std::span<const float> brightness, const std::string& name);

  [[nodiscard]] float brightness(float irradiance) const noexcept;
  [[nodiscard]] float irradiance(float brightness) const noexcept;

 private:
  /// starts[k]: the last point whose value is not above k/(starts − 1).
  using Starts = std::vector<std::uint32_t>;
  [[nodiscard]] static Starts starts_of(std::span<const float> values);
  [[nodiscard]] static std::size_t last_not_above(std::span<const float> values, const Starts& starts,
                                                  float value) noexcept;

  std::vector<float> irradiance_;
  std::vector<float> brightness_;
  Starts irradiance_starts_;
  Starts brightness_starts_;
};

}  // namespace rdenoise

// SPDX-License-Identifier: LGPL-2.1-or-later
// How a camera turns light into picture values: irradiance → brightness, both 0 … 1, and back.
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <rdenoise/isp.hpp>
#include <span>
#include <string>
#include <vector>

namespace rdenoise {

/// A rising curve from (0, 0) to (1, 1), cheap to copy. brightness(irradiance(v)) is v up to rounding, for every curve.
class ResponseCurve {
 public:
  /// Linear.
  ResponseCurve() = default;

  /// The standards' curves, extended beyond 0 … 1 as encode_tone() does.
  explicit ResponseCurve(ToneCurve curve) : tone_(curve) {}

  /// brightness = irradiance^(1/gamma), extended oddly below 0 and by the formula above 1.
  /// throws  Error{invalid_argument} unless 0.1 ≤ gamma ≤ 10
  [[nodiscard]] static ResponseCurve power(double gamma);

  /// irradiance = Σ coefficients[n]·brightnessⁿ, scaled so that it goes from 0 to 1 (Mitsunaga, Nayar: "Radiometric
  /// self calibration", CVPR 1999, eq. 7). Tabulated. throws  Error{invalid_argument} if it does not rise or is not
  /// finite
  [[nodiscard]] static ResponseCurve polynomial(std::string name, std::span<const double> coefficients);

  /// Linear between the given points; clips what lies outside 0 … 1, as a camera does. Both columns are scaled to
  /// 0 … 1. Where the curve is flat, the inverse gives the middle.
  ///
  /// irradiance, brightness  as many of each, 2 or more, neither of them falling; irradiance rising everywhere
  /// throws  Error{invalid_argument} if they are not so, or not finite
  [[nodiscard]] static ResponseCurve tabulated(std::string name, std::span<const float> irradiance,
                                               std::span<const float> brightness);

  [[nodiscard]] float brightness(float irradiance) const noexcept;
  [[nodiscard]] float irradiance(float brightness) const noexcept;

  /// Of each sample, in place. What is no number becomes 0 by a tabulated curve.
  void to_brightness(std::span<float> samples) const noexcept;
  void to_irradiance(std::span<float> samples) const noexcept;

  /// "srgb", "power 2.2", or as tabulated.
  [[nodiscard]] std::string name() const;

  struct Table;

 private:
  ToneCurve tone_ = ToneCurve::linear;
  float gamma_ = 1.F;                   ///< if not 1, in place of tone_
  std::shared_ptr<const Table> table_;  ///< if there, in place of both
};

struct ResponseCurveSet {
  std::vector<ResponseCurve> curves;
  std::vector<std::string> remarks;  ///< curves that were repaired or left out, and why
};

/// Reads measured curves, such as the 201 of the Database of Response Functions (Grossberg, Nayar: "What is the space
/// of camera response functions?", CVPR 2003): Columbia's text (name, kind, "I =", numbers, "B =", numbers), or a
/// MATLAB file of version 5 with matrices I and B or invI and invB, a curve in each row. A dip of up to 0.01 is
/// levelled, with a remark; a curve that falls further or is not finite is left out, with a remark.
///
/// name     of the file, for messages
/// throws   Error{corrupt} if the bytes are damaged or no curve is left, Error{unsupported} if they are neither form
[[nodiscard]] ResponseCurveSet read_response_curves(std::span<const std::byte> file, const std::string& name);
/// throws   as above, and Error{not_found|io}
[[nodiscard]] ResponseCurveSet read_response_curves_file(const std::filesystem::path& path);

/// Curves by formula that look like those of cameras, where no measured ones are at hand: sRGB, BT.709, powers from 1.8
/// to 2.6, and three with the shoulder of film.
[[nodiscard]] std::vector<ResponseCurve> plausible_response_curves();

}  // namespace rdenoise

// SPDX-License-Identifier: LGPL-2.1-or-later
// What a model needs to run in eight bits, measured on pictures; and what bf16 and int8 cost it.
#pragma once

#include <cstdint>
#include <map>
#include <rdenoise/model.hpp>
#include <rdenoise/model_picture.hpp>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace rdenoise {

struct ModelCalibrationOptions {
  /// Noise that the pictures get, white, in 8-bit steps. Empty: 15, 25 and 50 as far as the model's range goes, or its
  /// upper end.
  std::vector<double> sigma_8bit;
  std::uint64_t seed = 0;
  int n_threads = 0;  ///< 0: all cores
  /// PSNR that int8 may lose at any of the levels: results stay in floating point, the dearest first, until it loses no
  /// more. If more than a third of the multiply-accumulates would be in float then, 0.035 dB and two thirds are the
  /// limits.
  double target_loss_db = 0.02;
  /// The same for bf16, whose results are kept in f32 instead: what reads one then takes twice the products. Where bf16
  /// is only just in time, more loss may be the better choice. Pictures that calibration has not seen lose a third
  /// more.
  double bf16_target_loss_db = 0.007;
};

struct ModelCalibration {
  std::map<std::string, std::string, std::less<>> metadata = {};  ///< entries for the weights file
  std::vector<double> sigma_8bit = {};                            ///< levels that the pictures had
  std::vector<PrecisionLoss> losses = {};       ///< of the precisions that this CPU runs; those of lower precision last
  std::vector<std::string> float_results = {};  ///< convolutions whose results int8 leaves in floating point
  double float_mac_share = 0.0;                 ///< multiply-accumulates that read them
  std::vector<std::string> f32_results = {};    ///< convolutions whose results bf16 keeps in f32
};

/// Runs the model in f32 on noisy pictures, looks at each result that can be kept in eight bits, and chooses for each
/// channel the scale at which rounding and clipping make the least mean squared error. Then leaves results
/// in floating point as target_loss_db says, if this CPU computes in eight bits, and measures what the precisions lose.
/// Where bf16 loses more than 0.007 dB it gets kernels whose rounding errors cancel on the pictures, and results that
/// it keeps in f32 as bf16_target_loss_db says, as far as this CPU has bf16 and matrix units.
///
/// clean    pictures of the model's domain; not test pictures
/// throws   Error{invalid_argument} without pictures, for a noise level below 0, a target that is no number, or a
/// picture that the model does not
///          take; Error{unsupported} for a model with no result that can be kept in eight bits
[[nodiscard]] ModelCalibration calibrate_model(const Model& model, std::span<const ModelPicture> clean,
                                               const ModelCalibrationOptions& options);

/// How the names of a calibration's metadata entries start.
inline constexpr std::string_view calibration_prefixes[] = {"activation_scales.", "activation_means.", "float_results",
                                                            "eight_bit_kernel.",  "bf16_kernel.",      "f32_results",
                                                            "psnr_loss_db."};

}  // namespace rdenoise

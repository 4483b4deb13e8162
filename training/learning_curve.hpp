// SPDX-License-Identifier: LGPL-2.1-or-later
// The learning curve: one point for each validation, as a table and as a chart.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace rdenoise::training {

inline constexpr std::array validation_sigmas_8bit{15.0, 25.0, 50.0};

struct CurvePoint {
  std::int64_t step = 0;
  double seconds_trained = 0.0;
  double learning_rate = 0.0;
  double loss = 0.0;                                            ///< mean since the point before
  std::array<double, validation_sigmas_8bit.size()> psnr_db{};  ///< of the held-out pictures at each sigma
};

/// The mean over the sigmas: what "best" goes by.
[[nodiscard]] double mean_psnr_db(const CurvePoint& point);

class LearningCurve {
 public:
  void add(const CurvePoint& point) { points_.push_back(point); }
  [[nodiscard]] const std::vector<CurvePoint>& points() const noexcept { return points_; }

  /// NAME-curve.csv and NAME-curve.svg in the folder, whole and atomically: a run that was killed and resumed leaves
  /// neither gaps nor doubles.  throws  Error{io}
  void write(const std::filesystem::path& folder, const std::string& name) const;

  /// One row of figures for each point, for checkpoints.
  [[nodiscard]] std::vector<double> to_rows() const;
  /// throws  Error{corrupt} if the rows are not whole
  [[nodiscard]] static LearningCurve from_rows(const std::vector<double>& rows);

 private:
  std::vector<CurvePoint> points_;
};

}  // namespace rdenoise::training

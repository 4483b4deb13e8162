// SPDX-License-Identifier: LGPL-2.1-or-later
// The learning curve: one point for each validation, as a table and as a chart.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace rdenoise::training {

/// PSNR of the held-out pictures at one level of the validation: "σ25".
struct LevelPsnr {
  std::string label;
  double psnr_db = 0.0;
};

struct CurvePoint {
  std::int64_t step = 0;
  double seconds_trained = 0.0;
  double learning_rate = 0.0;
  double loss = 0.0;  ///< mean since the point before
  std::vector<LevelPsnr> levels;
};

/// The mean over the levels, which is what "best" goes by.
[[nodiscard]] double mean_psnr_db(const CurvePoint& point);

/// A label as part of a name: "25" of "σ25", others as they are.
[[nodiscard]] std::string plain_label(const std::string& label);

/// All points have the same levels.
class LearningCurve {
 public:
  void add(const CurvePoint& point) { points_.push_back(point); }
  [[nodiscard]] const std::vector<CurvePoint>& points() const noexcept { return points_; }

  /// NAME-curve.csv and NAME-curve.svg in the folder, whole and atomically: a run that was killed and resumed leaves
  /// neither gaps nor doubles.  throws  Error{io}
  void write(const std::filesystem::path& folder, const std::string& name) const;

  /// For checkpoints: the labels, and one row of figures for each point.
  [[nodiscard]] std::vector<std::string> labels() const;
  [[nodiscard]] std::vector<double> to_rows() const;
  /// throws  Error{corrupt} if the rows are not whole
  [[nodiscard]] static LearningCurve from_rows(const std::vector<std::string>& labels, const std::vector<double>& rows);

 private:
  std::vector<CurvePoint> points_;
};

}  // namespace rdenoise::training

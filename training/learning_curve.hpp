// SPDX-License-Identifier: LGPL-2.1-or-later
// The learning curve: one point for each validation, as a table and as a chart.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace rdenoise::training {

/// What a validation measures; the higher, the better.
enum class ValidationFigure {
  psnr_db,       ///< of denoised pictures
  right_percent  ///< pictures whose class was told right
};

/// The figure of the held-out pictures at one level of the validation: "σ25".
struct LevelFigure {
  std::string label;
  double value = 0.0;
};

struct CurvePoint {
  std::int64_t step = 0;
  double seconds_trained = 0.0;
  double learning_rate = 0.0;
  double loss = 0.0;  ///< mean since the point before
  std::vector<LevelFigure> levels;
  ValidationFigure figure = ValidationFigure::psnr_db;
};

/// The mean over the levels, which is what "best" goes by.
[[nodiscard]] double mean_figure(const CurvePoint& point);

/// As the start of a line, "PSNR"; after its numbers, "dB"; in column names, "psnr"; as JSON's key, "psnr_db".
struct FigureWords {
  const char* name;
  const char* unit;
  const char* column;
  const char* key;
  const char* axis;
  int decimals;
};
[[nodiscard]] const FigureWords& words_of(ValidationFigure figure) noexcept;

/// A label as part of a name: "25" of "σ25", others as they are.
[[nodiscard]] std::string plain_label(const std::string& label);

/// All points have the same levels and figure.
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
  [[nodiscard]] ValidationFigure figure() const noexcept;
  /// throws  Error{corrupt} if the rows are not whole
  [[nodiscard]] static LearningCurve from_rows(const std::vector<std::string>& labels, const std::vector<double>& rows,
                                               ValidationFigure figure);

 private:
  std::vector<CurvePoint> points_;
};

}  // namespace rdenoise::training

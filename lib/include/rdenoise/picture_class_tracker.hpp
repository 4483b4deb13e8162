// SPDX-License-Identifier: LGPL-2.1-or-later
// The class of the pictures of a video: one for each shot, and none that flickers.
#pragma once

#include <rdenoise/picture_class.hpp>
#include <vector>

namespace rdenoise {

struct PictureClassTrackerOptions {
  double least_confidence = 0.5;  ///< ClassifierModel::least_confidence
  int interval_frames = 15;       ///< every so many frames of a shot are looked at; ≥ 1
  double smoothing = 0.6;         ///< share of the past in the mean of log-probabilities, 0 … 1
  double lead = 1.3;              ///< a class must be so many times as likely as the one in use; ≥ 1
  int looks_to_switch = 3;        ///< at so many looks in a row; ≥ 1
};

/// A plain value that is told when frames pass and what the classifier says of those it wants to see.
///
/// The first look at a shot decides at once. After that the class changes only if, in the exponential mean of the
/// log-probabilities, one and the same other leads for some looks in a row. The class-agnostic weights take part like a
/// class whose probability is always least_confidence; so they are left, and fallen back to, with the same hysteresis.
class PictureClassTracker {
 public:
  explicit PictureClassTracker(const PictureClassTrackerOptions& options = {}) : options_(options) {}

  /// Counts a frame.
  /// new_shot  forgets all that was before
  /// returns   true if the frame should be classified and handed to look()
  [[nodiscard]] bool next_frame(bool new_shot);

  /// What the classifier says about the frame just counted.
  void look(const ClassProbabilities& probabilities);

  /// The class in use: an index into the probabilities, or class_agnostic, as before the first look.
  [[nodiscard]] int class_index() const noexcept { return class_index_; }
  /// The smoothed probability of the likeliest class; 0 before the first look.
  [[nodiscard]] double confidence() const noexcept;

  void reset();

 private:
  [[nodiscard]] double log_probability(int class_index) const;

  PictureClassTrackerOptions options_;
  std::vector<double> log_probabilities_;  ///< smoothed; empty before the first look
  int class_index_ = class_agnostic;
  int challenger_ = class_agnostic;
  int looks_of_challenger_ = 0;
  int frames_to_look_ = 0;
};

}  // namespace rdenoise

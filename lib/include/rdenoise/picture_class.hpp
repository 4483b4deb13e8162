// SPDX-License-Identifier: LGPL-2.1-or-later
// To which class a picture belongs, for models with weights for each class.
#pragma once

#include <memory>
#include <optional>
#include <rdenoise/image.hpp>
#include <rdenoise/model.hpp>
#include <string>
#include <vector>

namespace rdenoise {

/// How likely each class is, in the order of the classifier's class names; their sum is 1.
using ClassProbabilities = std::vector<double>;

/// Index of the class-agnostic weights, beside those of the classes from 0 on.
inline constexpr int class_agnostic = -1;

/// The likeliest class; class_agnostic if that is less likely than least_confidence.
[[nodiscard]] int choose_class(const ClassProbabilities& probabilities, double least_confidence) noexcept;

/// Runs a classifier over pictures, one at a time.
///
/// A picture is reduced to the classifier's short_side_px, its longer side to at most four times that (what is longer
/// still is squeezed), each new pixel the mean of what it covers, clipped to 0 … 1; so noise is mostly averaged away.
/// Of large pictures only some rows are read. Smaller ones are enlarged, for the classifier sees whole pictures.
/// A gray classifier sees gray, the luma of yuv, and of rgb the luma of BT.601; an rgb one sees rgb, and gray and luma
/// in all three planes.
///
/// Cost: 1.4 ms for 1920×1080, of which the reduction takes a half (one core with AVX-512, network of 5 layers from 16
/// channels).
class PictureClassifier {
 public:
  explicit PictureClassifier(ClassifierModel model);
  ~PictureClassifier();
  PictureClassifier(PictureClassifier&&) noexcept;
  PictureClassifier& operator=(PictureClassifier&&) noexcept;

  [[nodiscard]] const std::vector<std::string>& classes() const noexcept;

  /// softmax(scores / temperature); nothing for a mosaic, which is linear light seen through a filter, and for a
  /// picture narrower or lower than 16 px.
  /// throws  Error{internal} if memory is short
  [[nodiscard]] std::optional<ClassProbabilities> classify(const ConstFrameView& frame);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace rdenoise

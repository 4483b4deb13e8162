// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>
#include <cmath>
#include <rdenoise/picture_class.hpp>

#include "denoise/reduced_picture.hpp"

namespace rdenoise {
namespace {

/// Below, a picture shows next to nothing.
constexpr int least_side_px = 16;

ClassProbabilities softmax(std::vector<double> scores, double temperature) {
  const double most = *std::ranges::max_element(scores);
  double sum = 0.0;
  for (double& score : scores) sum += score = std::exp((score - most) / temperature);
  for (double& score : scores) score /= sum;
  return scores;
}

/// The mean of each plane.
std::vector<double> class_scores(const ConstTensorView& planes) {
  std::vector<double> scores;
  const std::size_t size = static_cast<std::size_t>(planes.height) * static_cast<std::size_t>(planes.width);
  for (int c = 0; c < planes.channels; ++c) {
    double sum = 0.0;
    for (std::size_t i = 0; i < size; ++i) sum += planes.row(c, 0)[i];
    scores.push_back(sum / static_cast<double>(size));
  }
  return scores;
}

}  // namespace

int choose_class(const ClassProbabilities& probabilities, double least_confidence) noexcept {
  const auto likeliest = std::ranges::max_element(probabilities);
  if (likeliest == probabilities.end() || *likeliest < least_confidence) return class_agnostic;
  return static_cast<int>(likeliest - probabilities.begin());
}

struct PictureClassifier::Impl {
  // f32: so small a network gains nothing by less.
  explicit Impl(ClassifierModel given)
      : model(std::move(given)), executor(make_onednn_executor(model.spec, model.weights, Precision::f32)) {}

  ClassifierModel model;
  std::unique_ptr<Executor> executor;
  ReducedSize size;
  std::unique_ptr<NetworkRun> run;  ///< for that size, as the last picture had it
  std::vector<float> scratch;
};

PictureClassifier::PictureClassifier(ClassifierModel model) : impl_(std::make_unique<Impl>(std::move(model))) {}
PictureClassifier::~PictureClassifier() = default;
PictureClassifier::PictureClassifier(PictureClassifier&&) noexcept = default;
PictureClassifier& PictureClassifier::operator=(PictureClassifier&&) noexcept = default;

const std::vector<std::string>& PictureClassifier::classes() const noexcept { return impl_->model.spec.params.classes; }

std::optional<ClassProbabilities> PictureClassifier::classify(const ConstFrameView& frame) {
  if (frame.color_model == ColorModel::bayer) return std::nullopt;
  if (std::min(frame.width_px, frame.height_px) < least_side_px) return std::nullopt;
  const ReducedSize size =
      reduced_size(frame.width_px, frame.height_px, impl_->model.short_side_px, alignment_px(impl_->model.spec));
  if (size != impl_->size) {
    impl_->run.reset();
    impl_->size = {};
    impl_->run = impl_->executor->prepare(size.height_px, size.width_px);
    impl_->size = size;
  }
  reduce_picture(frame, impl_->run->image(), impl_->scratch);
  impl_->run->run();
  return softmax(class_scores(impl_->run->output()), impl_->model.temperature);
}

}  // namespace rdenoise

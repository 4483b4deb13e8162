// SPDX-License-Identifier: LGPL-2.1-or-later
#include "shot_class.hpp"

namespace rdenoise::gst {

std::optional<PictureClass> ShotClass::choose(const ConstFrameView& frame, const std::string& word,
                                              Denoiser& denoiser) {
  const std::optional<ClassifierModel>& classifier = denoiser.model().classifier;
  if (word != DenoiseOptions{}.picture_class || !classifier) {
    reset();
    denoiser.set_picture_class(word);
    return classifier ? std::optional(PictureClass{word, std::nullopt}) : std::nullopt;
  }
  if (!tracker_) tracker_.emplace(PictureClassTrackerOptions{.least_confidence = classifier->least_confidence});
  if (tracker_->next_frame(scene_change_.begins_with(frame)))
    if (const auto probabilities = denoiser.classify(frame)) tracker_->look(*probabilities);

  PictureClass found;
  if (const int index = tracker_->class_index(); index != class_agnostic)
    found.name = classifier->spec.params.classes[static_cast<std::size_t>(index)];
  if (tracker_->confidence() > 0.0) found.confidence = tracker_->confidence();
  denoiser.set_picture_class(found.name);
  return found;
}

void ShotClass::reset() {
  tracker_.reset();
  scene_change_.reset();
}

}  // namespace rdenoise::gst

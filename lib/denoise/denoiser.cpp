// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>
#include <rdenoise/denoise.hpp>
#include <rdenoise/error.hpp>

#include "denoise/class_executors.hpp"
#include "denoise/frame_denoiser.hpp"

namespace rdenoise {
namespace {

Model denoising(Model model) {
  if (model.spec.is_classifier())
    throw Error(ErrorCode::invalid_argument,
                "making denoiser: expected a model that denoises, found the classifier " + model.path.string());
  return model;
}

}  // namespace

struct Denoiser::Impl {
  Impl(Model given, const DenoiseOptions& options)
      : model(denoising(std::move(given))),
        executors(model, options.precision),
        wish(checked(options.picture_class)),
        frames(model.name, model.spec, executors.get(wish == word_auto ? word_none : wish), options) {
    if (model.classifier) classifier.emplace(*model.classifier);
  }

  [[nodiscard]] std::string checked(std::string_view word) const {
    check_picture_class(model, word);
    return std::string(word);
  }

  /// The class for this frame, by the user's wish.
  [[nodiscard]] PictureClass choose(const ConstFrameView& frame) {
    if (wish != word_auto) return {wish, std::nullopt};
    const auto probabilities = classifier ? classifier->classify(frame) : std::nullopt;
    if (!probabilities) return {};
    const int index = choose_class(*probabilities, model.classifier->least_confidence);
    return {index == class_agnostic ? std::string(word_none) : classifier->classes()[static_cast<std::size_t>(index)],
            *std::ranges::max_element(*probabilities)};
  }

  /// Nothing is to be recognised in a frame that will be copied or refused.
  [[nodiscard]] bool is_worth_a_look(const ConstFrameView& frame) const {
    return frames.strength() > 0.0 && accepts(model.spec, frame);
  }

  void denoise(const ConstFrameView& src, const FrameView& dst, const NoiseProfile& noise,
               const NoiseShare* noise_share) {
    if (!model.by_class.empty()) {
      chosen = PictureClass{};
      if (is_worth_a_look(src)) {
        chosen = choose(src);
        frames.set_executor(executors.get(chosen->name));
      }
    }
    frames.denoise(src, dst, noise, noise_share);
  }

  Model model;
  ClassExecutors executors;
  std::optional<PictureClassifier> classifier;
  std::string wish;
  std::optional<PictureClass> chosen;
  FrameDenoiser frames;
};

Denoiser::Denoiser(Model model, const DenoiseOptions& options)
    : impl_(std::make_unique<Impl>(std::move(model), options)) {}

Denoiser::~Denoiser() = default;
Denoiser::Denoiser(Denoiser&&) noexcept = default;
Denoiser& Denoiser::operator=(Denoiser&&) noexcept = default;

const Model& Denoiser::model() const noexcept { return impl_->model; }

Precision Denoiser::precision() const noexcept { return impl_->frames.precision(); }

void Denoiser::set_strength(double strength) { impl_->frames.set_strength(strength); }

void Denoiser::set_picture_class(std::string_view word) {
  if (word != impl_->wish) impl_->wish = impl_->checked(word);
}

std::optional<ClassProbabilities> Denoiser::classify(const ConstFrameView& frame) {
  return impl_->classifier ? impl_->classifier->classify(frame) : std::nullopt;
}

std::optional<PictureClass> Denoiser::choose_picture_class(const ConstFrameView& frame) {
  if (impl_->model.by_class.empty()) return std::nullopt;
  return impl_->is_worth_a_look(frame) ? impl_->choose(frame) : PictureClass{};
}

const std::optional<PictureClass>& Denoiser::picture_class() const noexcept { return impl_->chosen; }

void Denoiser::prepare(const ConstFrameView& frame) { impl_->frames.prepare(frame); }

void Denoiser::denoise(const ConstFrameView& src, const FrameView& dst, const NoiseProfile& noise,
                       const NoiseShare* noise_share) {
  impl_->denoise(src, dst, noise, noise_share);
}

TilePlan Denoiser::plan(int width_px, int height_px) const { return impl_->frames.plan(width_px, height_px); }

}  // namespace rdenoise

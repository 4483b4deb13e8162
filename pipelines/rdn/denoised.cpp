// SPDX-License-Identifier: LGPL-2.1-or-later
#include "denoised.hpp"

#include <array>
#include <rdenoise/error.hpp>
#include <rdenoise/residual_noise.hpp>
#include <string>
#include <string_view>
#include <utility>

#include "denoise_record.hpp"
#include "developed.hpp"
#include "linear_photo.hpp"

namespace rdn {
namespace {

using rdenoise::ColorModel;
using rdenoise::Image;
using rdenoise::NoiseProfile;
using rdenoise::Picture;
using rdenoise::RawFrame;

Picture denoised_picture(const Picture& picture, PictureMethod& method, const NoiseProfile& noise) {
  Picture result = picture;
  method.denoise(picture.image.view(), result.image.view(), noise);
  return result;
}

RawFrame denoised_mosaic(const RawFrame& frame, PictureMethod& method, const NoiseProfile& noise) {
  RawFrame result = frame;
  method.denoise(frame.view(), result.view(), noise);
  return result;
}

Image denoised_signal(const RawFrame& frame, PictureMethod& method, const NoiseProfile& noise) {
  Image mosaic(ColorModel::bayer, frame.width_px, frame.height_px, frame.cfa);
  method.denoise(frame.view(), mosaic.view(), noise);
  return mosaic;
}

std::optional<rdenoise::DenoiseRecord> record_of(const PictureMethod& method) {
  if (method.strength() <= 0.0) return std::nullopt;
  const std::string_view name = method.model() == nullptr ? method.name() : std::string_view(method.model()->name);
  return rdenoise::DenoiseRecord{RDENOISE_VERSION, std::string(name), method.strength()};
}

void check_kind(const Input& input, OutputKind kind) {
  const bool is_raw = metadata_of(input) != nullptr;
  const bool is_mosaic = std::holds_alternative<RawFrame>(input);
  if (kind == OutputKind::picture || is_mosaic || (kind == OutputKind::linear_dng && is_raw)) return;
  throw rdenoise::Error(rdenoise::ErrorCode::unsupported,
                        std::string("writing a DNG: expected a RAW photo, found ") +
                            (is_raw ? "one without a Bayer mosaic" : "a developed picture"));
}

/// In the domain of the DNG: a mosaic, or linear camera RGB.
NoiseProfile noise_left(const Input& input, const rdenoise::ConstFrameView& result, OutputKind kind,
                        PictureMethod& method, const NoiseProfile& noise) {
  rdenoise::ResidualNoiseOptions options;
  if (const auto* raw = std::get_if<RawFrame>(&input)) {
    // One step of the mosaic's own; a linear DNG has finer ones.
    const rdenoise::RawMetadata& m = raw->metadata;
    if (kind == OutputKind::dng) options.rounding_step = 1.0 / (m.white_level_dn - m.black_level_dn[0]);
  } else {
    const std::array<float, 3> gains = metadata_of(input)->as_shot_gains;
    options.to_output = [gains](const Image& picture) { return camera_rgb_of_picture(picture, gains); };
  }
  return rdenoise::residual_noise(
      result, noise,
      [&](const rdenoise::ConstFrameView& src, const rdenoise::FrameView& dst) { method.denoise(src, dst, noise); },
      options);
}

LinearPhoto linear_photo(const Input& input, Denoised result, const std::string& demosaic, int n_threads) {
  LinearPhoto photo;
  photo.metadata = *metadata_of(input);
  // Of a mosaic, the noise before interpolation, as its own DNG has it: that hides noise without taking any away.
  if (result.record) record_denoising(photo.metadata, *result.record, result.residual_noise);
  if (auto* mosaic = std::get_if<Image>(&result.pixels)) {
    photo.rgb = camera_rgb_of_mosaic(std::move(*mosaic), photo.metadata.as_shot_gains, demosaic, n_threads);
  } else {
    photo.rgb = camera_rgb_of_picture(std::get<Picture>(result.pixels).image, photo.metadata.as_shot_gains);
  }
  return photo;
}

}  // namespace

Denoised denoised(const Input& input, OutputKind kind, PictureMethod& method, const NoiseProfile& noise) {
  check_kind(input, kind);
  Denoised result{RawFrame{}, record_of(method), {}};
  const auto* raw = std::get_if<RawFrame>(&input);
  if (raw == nullptr) {
    result.pixels = denoised_picture(picture_of(input), method, noise);
  } else if (kind == OutputKind::dng) {
    result.pixels = denoised_mosaic(*raw, method, noise);
  } else {
    result.pixels = denoised_signal(*raw, method, noise);
  }
  if (kind != OutputKind::picture && result.record)
    result.residual_noise = noise_left(input, view_of(result), kind, method, noise);
  if (auto* frame = std::get_if<RawFrame>(&result.pixels); frame != nullptr && result.record)
    record_denoising(frame->metadata, *result.record, result.residual_noise);
  return result;
}

rdenoise::ConstFrameView view_of(const Denoised& result) {
  if (const auto* raw = std::get_if<RawFrame>(&result.pixels)) return raw->view();
  if (const auto* mosaic = std::get_if<Image>(&result.pixels)) return mosaic->view();
  return std::get<Picture>(result.pixels).image.view();
}

Output finished(const Input& input, OutputKind kind, Denoised result, const std::string& demosaic, int n_threads) {
  if (kind == OutputKind::linear_dng) return linear_photo(input, std::move(result), demosaic, n_threads);
  if (auto* raw = std::get_if<RawFrame>(&result.pixels)) return std::move(*raw);
  if (auto* picture = std::get_if<Picture>(&result.pixels)) return std::move(*picture);
  const Image& mosaic = std::get<Image>(result.pixels);
  return developed(std::get<RawFrame>(input), mosaic.view(), demosaic, n_threads);
}

void write_output(const std::filesystem::path& path, const Output& output, const OutputOptions& options) {
  std::visit([&](const auto& written) { write_output(path, written, options); }, output);
}

}  // namespace rdn

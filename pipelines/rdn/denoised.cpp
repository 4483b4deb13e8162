// SPDX-License-Identifier: LGPL-2.1-or-later
#include "denoised.hpp"

#include <rdenoise/error.hpp>
#include <string>
#include <string_view>
#include <utility>

#include "denoise_record.hpp"
#include "developed.hpp"

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
  if (method.strength() > 0.0) {
    const std::string_view name = method.model() == nullptr ? method.name() : std::string_view(method.model()->name);
    record_denoising(result, {RDENOISE_VERSION, std::string(name), method.strength()});
  }
  return result;
}

Image denoised_signal(const RawFrame& frame, PictureMethod& method, const NoiseProfile& noise) {
  Image mosaic(ColorModel::bayer, frame.width_px, frame.height_px, frame.cfa);
  method.denoise(frame.view(), mosaic.view(), noise);
  return mosaic;
}

}  // namespace

Denoised denoised(const Input& input, OutputKind kind, PictureMethod& method, const NoiseProfile& noise) {
  const auto* raw = std::get_if<RawFrame>(&input);
  if (raw == nullptr) {
    if (kind == OutputKind::dng)
      throw rdenoise::Error(rdenoise::ErrorCode::unsupported,
                            "writing a DNG: expected a RAW photo, found a developed picture");
    return denoised_picture(std::get<Picture>(input), method, noise);
  }
  if (kind == OutputKind::dng) return denoised_mosaic(*raw, method, noise);
  return denoised_signal(*raw, method, noise);
}

rdenoise::ConstFrameView view_of(const Denoised& result) {
  if (const auto* raw = std::get_if<RawFrame>(&result)) return raw->view();
  if (const auto* mosaic = std::get_if<Image>(&result)) return mosaic->view();
  return std::get<Picture>(result).image.view();
}

Output finished(const Input& input, Denoised result, const std::string& demosaic, int n_threads) {
  if (auto* raw = std::get_if<RawFrame>(&result)) return std::move(*raw);
  if (auto* picture = std::get_if<Picture>(&result)) return std::move(*picture);
  return developed(std::get<RawFrame>(input), std::as_const(std::get<Image>(result)).view(), demosaic, n_threads);
}

void write_output(const std::filesystem::path& path, const Output& output, const OutputOptions& options) {
  if (const auto* picture = std::get_if<Picture>(&output)) return write_output(path, *picture, options);
  write_output(path, std::get<RawFrame>(output), options);
}

}  // namespace rdn

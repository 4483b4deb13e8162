// SPDX-License-Identifier: LGPL-2.1-or-later
#include "raw/dng_camera_tags.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <utility>

#include "raw/denoise_record_xmp.hpp"
#include "raw/dng_colors.hpp"
#include "raw/dng_tags.hpp"

namespace rdenoise {
namespace {

constexpr std::uint16_t d65_illuminant = 21;

bool has_opcodes(const RawMetadata& metadata) {
  return std::ranges::any_of(metadata.carried.raw, [](const TiffEntry& entry) {
    return entry.tag == tag::opcode_list_1 || entry.tag == tag::opcode_list_2 || entry.tag == tag::opcode_list_3;
  });
}

void set_names(TiffDirectory& main, const RawMetadata& metadata) {
  const std::string make = metadata.make.empty() ? "unknown" : metadata.make;
  const std::string model = metadata.model.empty() ? "unknown" : metadata.model;
  if (!main.has(tag::make)) main.set_text(tag::make, make);
  if (!main.has(tag::model)) main.set_text(tag::model, model);
  if (!main.has(tag::unique_camera_model)) main.set_text(tag::unique_camera_model, make + " " + model);
  const auto& denoised = metadata.denoised;
  main.set_text(tag::software, denoised ? "rdenoise " + denoised->version : "rdenoise");
  main.set_text(tag::original_raw_file_name, metadata.carried.original_file_name);
  constexpr std::size_t date_time_characters = 19;
  if (!main.has(tag::date_time) && metadata.date_time.size() == date_time_characters) {
    main.set_text(tag::date_time, metadata.date_time);
  }
}

void set_colors(TiffDirectory& main, const RawMetadata& metadata) {
  if (!main.has(tag::color_matrix_1)) {
    const auto matrix = color_matrix_for(metadata);
    const std::vector<double> values(matrix.begin(), matrix.end());
    main.set_signed_rationals(tag::color_matrix_1, values);
    main.set_short(tag::calibration_illuminant_1, d65_illuminant);
  }
  if (!main.has(tag::as_shot_neutral) && !main.has(tag::as_shot_white_xy)) {
    std::array<double, 3> neutral;
    std::ranges::transform(metadata.as_shot_gains, neutral.begin(), [](float gain) { return 1.0 / gain; });
    main.set_rationals(tag::as_shot_neutral, neutral);
  }
}

}  // namespace

TiffDirectory camera_directory(const RawMetadata& metadata) {
  TiffDirectory main;
  main.add_missing(metadata.carried.camera);
  constexpr std::array<std::uint8_t, 4> version{1, 4, 0, 0};
  constexpr std::array<std::uint8_t, 4> without_opcodes{1, 1, 0, 0};
  constexpr std::array<std::uint8_t, 4> with_opcodes{1, 3, 0, 0};
  main.set_bytes(tag::dng_version, version);
  main.set_bytes(tag::dng_backward_version, has_opcodes(metadata) ? with_opcodes : without_opcodes);
  main.set_short(tag::orientation, static_cast<std::uint16_t>(metadata.orientation));
  set_names(main, metadata);
  set_colors(main, metadata);
  std::string xmp = metadata.carried.xmp;
  if (metadata.denoised) xmp = with_denoise_record(without_denoise_record(xmp), *metadata.denoised);
  if (!xmp.empty()) {
    xmp = wrapped_packet(std::move(xmp));
    main.set_bytes(tag::xmp, {reinterpret_cast<const std::uint8_t*>(xmp.data()), xmp.size()});
  }
  return main;
}

}  // namespace rdenoise

// SPDX-License-Identifier: LGPL-2.1-or-later
#include "raw/carried_tags.hpp"

#include <algorithm>
#include <array>

#include "raw/dng_tags.hpp"

namespace rdenoise {
namespace {

constexpr std::array<std::uint16_t, 8> of_any_file{
    tag::image_description, tag::make,   tag::model,         tag::date_time, tag::artist,
    tag::copyright,         tag::rating, tag::rating_percent};

// Not RawDataUniqueID and the digests, which name the pixels as they were.
constexpr std::array<std::uint16_t, 40> of_dng{tag::unique_camera_model,
                                               tag::localized_camera_model,
                                               tag::color_matrix_1,
                                               tag::color_matrix_2,
                                               tag::camera_calibration_1,
                                               tag::camera_calibration_2,
                                               tag::analog_balance,
                                               tag::as_shot_neutral,
                                               tag::as_shot_white_xy,
                                               tag::baseline_exposure,
                                               tag::baseline_noise,
                                               tag::baseline_sharpness,
                                               tag::linear_response_limit,
                                               tag::camera_serial_number,
                                               tag::lens_info,
                                               tag::shadow_scale,
                                               tag::dng_private_data,
                                               tag::maker_note_safety,
                                               tag::calibration_illuminant_1,
                                               tag::calibration_illuminant_2,
                                               tag::original_raw_file_name,
                                               tag::colorimetric_reference,
                                               tag::camera_calibration_signature,
                                               tag::profile_calibration_signature,
                                               tag::as_shot_profile_name,
                                               tag::profile_name,
                                               tag::profile_hue_sat_map_dims,
                                               tag::profile_hue_sat_map_data_1,
                                               tag::profile_hue_sat_map_data_2,
                                               tag::profile_tone_curve,
                                               tag::profile_embed_policy,
                                               tag::profile_copyright,
                                               tag::forward_matrix_1,
                                               tag::forward_matrix_2,
                                               tag::profile_look_table_dims,
                                               tag::profile_look_table_data,
                                               tag::profile_hue_sat_map_encoding,
                                               tag::profile_look_table_encoding,
                                               tag::baseline_exposure_offset,
                                               tag::default_black_render};

// Not the linearisation table: LibRaw has applied it.
constexpr std::array<std::uint16_t, 11> of_mosaic{
    tag::default_crop_origin, tag::default_crop_size,  tag::bayer_green_split,      tag::chroma_blur_radius,
    tag::anti_alias_strength, tag::best_quality_scale, tag::opcode_list_1,          tag::opcode_list_2,
    tag::opcode_list_3,       tag::default_user_crop,  tag::noise_reduction_applied};

constexpr std::array<std::uint16_t, 7> not_of_exif{
    tag::components_configuration, tag::compressed_bits_per_pixel, tag::maker_note, tag::pixel_x_dimension,
    tag::pixel_y_dimension,        tag::interoperability_ifd,      tag::gps_ifd};

template <typename Tags>
bool contains(const Tags& tags, std::uint16_t tag) {
  return tag != 0 && std::ranges::find(tags, tag) != tags.end();
}

}  // namespace

bool carried_from_main_directory(std::uint16_t tag, bool is_dng) noexcept {
  return contains(of_any_file, tag) || (is_dng && contains(of_dng, tag));
}

bool carried_from_raw_directory(std::uint16_t tag) noexcept { return contains(of_mosaic, tag); }

bool carried_from_exif(std::uint16_t tag) noexcept { return !contains(not_of_exif, tag); }

bool exif_in_main_directory(std::uint16_t tag) noexcept {
  return tag == tag::exposure_time || tag == tag::f_number || tag == tag::exposure_program || tag == tag::iso_speed ||
         tag == tag::date_time_original || tag == tag::date_time_digitized ||
         (tag >= tag::shutter_speed_value && tag <= tag::focal_length);
}

}  // namespace rdenoise

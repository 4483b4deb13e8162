// SPDX-License-Identifier: LGPL-2.1-or-later
#include "raw/libraw_metadata.hpp"

#include <libraw/libraw.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <ctime>

namespace rdenoise {
namespace {

/// Colour facts as they were when unpack() ended; later steps of LibRaw change the other copy.
const libraw_colordata_t& levels_of(const LibRaw& libraw) { return libraw.imgdata.rawdata.color; }

/// Mean over the sites of each kind of common + the entry of a repeated pattern of rows × columns (none: rows or
/// columns 0).
template <typename Common, typename Entry>
std::array<double, 4> mean_black(unsigned rows, unsigned columns, Common common, Entry entry) {
  const bool has_pattern = rows > 0 && columns > 0;
  const int period_y = has_pattern ? static_cast<int>(rows) : 1;
  const int period_x = has_pattern ? static_cast<int>(columns) : 1;
  std::array<double, 4> mean{};
  // Twice a period holds whole periods of both pattern and cell.
  for (int y = 0; y < 2 * period_y; ++y) {
    for (int x = 0; x < 2 * period_x; ++x) {
      const double level = common(y, x) + (has_pattern ? entry((y % period_y) * period_x + x % period_x) : 0.0);
      mean[2 * (y % 2) + x % 2] += level / (period_y * period_x);
    }
  }
  return mean;
}

std::array<float, 4> black_levels(LibRaw& libraw) {
  const libraw_colordata_t& color = levels_of(libraw);
  const auto whole = mean_black(
      color.cblack[4], color.cblack[5],
      [&](int y, int x) { return static_cast<double>(color.black + color.cblack[libraw.COLOR(y, x)]); },
      [&](int i) { return static_cast<double>(color.cblack[6 + i]); });
  // A DNG's own levels may have fractions, which LibRaw cuts off. It may also have measured better ones: those differ.
  const libraw_dng_levels_t& dng = color.dng_levels;
  const auto exact = mean_black(
      dng.dng_cblack[4], dng.dng_cblack[5], [&](int, int) { return static_cast<double>(dng.dng_fblack); },
      [&](int i) { return static_cast<double>(dng.dng_fcblack[6 + i]); });
  std::array<float, 4> black;
  for (int site = 0; site < 4; ++site) {
    const bool only_cut_off = exact[site] > whole[site] && exact[site] < whole[site] + 1.0;
    black[site] = static_cast<float>(only_cut_off ? exact[site] : whole[site]);
  }
  return black;
}

std::array<float, 3> as_shot_gains(const libraw_colordata_t& color) {
  for (const float* multipliers : {color.cam_mul, color.pre_mul}) {
    std::array<float, 3> gains;
    for (int c = 0; c < 3; ++c) gains[c] = multipliers[c] / multipliers[1];
    // Outside of this no light source lies; 0 means that the camera did not say.
    if (std::ranges::all_of(gains, [](float gain) { return gain > 0.05F && gain < 20.F; })) return gains;
  }
  return {1.F, 1.F, 1.F};
}

std::array<float, 9> xyz_to_camera(const libraw_colordata_t& color) {
  const auto flatten = [](const float(&matrix)[4][3]) {
    std::array<float, 9> flat;
    for (int i = 0; i < 9; ++i) flat[i] = matrix[i / 3][i % 3];
    return flat;
  };
  const auto known = [](const std::array<float, 9>& m) {
    return std::ranges::any_of(m, [](float v) { return v != 0.F; });
  };
  constexpr unsigned d65_illuminant = 21;
  // A DNG's own matrices before LibRaw's table of cameras; daylight before the rest, and the second, where it is usual.
  for (const auto& own : color.dng_color) {
    if (own.illuminant == d65_illuminant && known(flatten(own.colormatrix))) return flatten(own.colormatrix);
  }
  for (const auto& matrix : {flatten(color.dng_color[1].colormatrix), flatten(color.dng_color[0].colormatrix)}) {
    if (known(matrix)) return matrix;
  }
  return flatten(color.cam_xyz);
}

std::string format_time(std::time_t time) {
  if (time <= 0) return {};
  std::tm local{};
  // LibRaw made it from the camera's clock as if that showed local time.
  localtime_r(&time, &local);
  std::array<char, 20> text{};
  std::strftime(text.data(), text.size(), "%Y:%m:%d %H:%M:%S", &local);
  return text.data();
}

/// LibRaw: bit 0 mirrors columns, bit 1 mirrors rows, bit 2 then swaps rows and columns.
int exif_orientation(int flip) {
  constexpr std::array orientations{1, 2, 4, 3, 5, 8, 6, 7};
  return orientations[static_cast<std::size_t>(flip) & 7U];
}

}  // namespace

std::optional<CfaPattern> cfa_of(LibRaw& libraw) {
  // cdesc names the colour of each of LibRaw's four indices: "RGBG" for every camera with a usual Bayer mosaic.
  const char* names = libraw.imgdata.idata.cdesc;
  const auto color = [&](int y, int x) { return names[libraw.COLOR(y, x)]; };
  for (int y = 0; y < 16; ++y) {
    for (int x = 0; x < 2; ++x) {
      if (color(y, x) != color(y % 2, x)) return std::nullopt;
    }
  }
  for (const CfaPattern pattern : {CfaPattern::rggb, CfaPattern::grbg, CfaPattern::gbrg, CfaPattern::bggr}) {
    const auto fits = [&](int site) {
      return color(site / 2, site % 2) == "RGB"[cfa_color_at(pattern, site % 2, site / 2)];
    };
    if (fits(0) && fits(1) && fits(2) && fits(3)) return pattern;
  }
  return std::nullopt;
}

RawMetadata metadata_of(LibRaw& libraw) {
  const libraw_colordata_t& color = levels_of(libraw);
  const libraw_data_t& data = libraw.imgdata;
  RawMetadata m;
  m.black_level_dn = black_levels(libraw);
  m.white_level_dn = static_cast<float>(std::min(color.maximum, 65535U));
  m.as_shot_gains = as_shot_gains(color);
  for (int i = 0; i < 9; ++i) m.camera_to_srgb[i] = color.rgb_cam[i / 3][i % 3];
  m.xyz_to_camera = xyz_to_camera(color);
  const auto positive = [](float value) { return std::isfinite(value) && value > 0.F ? value : 0.F; };
  m.iso = positive(data.other.iso_speed);
  m.exposure_s = positive(data.other.shutter);
  m.aperture_f = positive(data.other.aperture);
  m.focal_length_mm = positive(data.other.focal_len);
  m.make = data.idata.make;
  m.model = data.idata.model;
  m.date_time = format_time(data.other.timestamp);
  m.orientation = exif_orientation(data.sizes.flip);
  if (positive(static_cast<float>(data.sizes.pixel_aspect)) > 0.F) {
    m.pixel_aspect_ratio = static_cast<float>(data.sizes.pixel_aspect);
  }
  return m;
}

}  // namespace rdenoise

// SPDX-License-Identifier: LGPL-2.1-or-later
#include <rdenoise/image.hpp>

namespace rdenoise {
namespace {

CfaPattern pattern_with_red_at(int x, int y) noexcept {
  if (y == 0) return x == 0 ? CfaPattern::rggb : CfaPattern::grbg;
  return x == 0 ? CfaPattern::gbrg : CfaPattern::bggr;
}

}  // namespace

std::string_view to_string(CfaPattern pattern) noexcept {
  switch (pattern) {
    case CfaPattern::rggb:
      return "rggb";
    case CfaPattern::grbg:
      return "grbg";
    case CfaPattern::gbrg:
      return "gbrg";
    case CfaPattern::bggr:
      return "bggr";
  }
  return "unknown";
}

CfaPhase red_phase(CfaPattern pattern) noexcept {
  switch (pattern) {
    case CfaPattern::rggb:
      return {0, 0};
    case CfaPattern::grbg:
      return {1, 0};
    case CfaPattern::gbrg:
      return {0, 1};
    case CfaPattern::bggr:
      return {1, 1};
  }
  return {0, 0};
}

int cfa_color_at(CfaPattern pattern, int x, int y) noexcept {
  const CfaPhase red = red_phase(pattern);
  const bool red_column = ((x ^ red.x_px) & 1) == 0;
  const bool red_row = ((y ^ red.y_px) & 1) == 0;
  return red_column != red_row ? 1 : red_row ? 0 : 2;
}

CfaPattern shifted(CfaPattern pattern, int dx_px, int dy_px) noexcept {
  const CfaPhase red = red_phase(pattern);
  return pattern_with_red_at((red.x_px ^ dx_px) & 1, (red.y_px ^ dy_px) & 1);
}

}  // namespace rdenoise

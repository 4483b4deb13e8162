// SPDX-License-Identifier: LGPL-2.1-or-later
// The steps of gradient based threshold free interpolation, each for every second site of a row.
//
// Pekkucuksen and Altunbasak, "Gradient based threshold free color filter array interpolation", ICIP 2010. Pointers are
// to site 0; [i − 1] and [i + 1] are two columns away. `side` is the other half of a row: side[i] lies one column to
// the left of site i, side[i + 1] one to the right. Every destination is a row of its own.
#pragma once

#include <array>

namespace rdenoise::gbtf {

/// Sites [begin, end) of a half row; begin may be negative: into the margin.
struct SiteRange {
  int begin;
  int end;
};

/// Four sites around one, in one direction: one step and two steps away.
struct LineNeighbours {
  const float* near_before;
  const float* near_after;
  const float* far_before;
  const float* far_after;
};

/// Green minus the colour that the line shares with it, at sites of either kind, the missing one being interpolated
/// along the line (equations 1 and 2).
///
/// sign  +1 where the site is red or blue, −1 where it is green
void difference_along_line(const float* site, const LineNeighbours& line, float sign, SiteRange range, float* dst);

/// Size of the gradient of a difference: |after − before| (equation 4).
void gradient(const float* before, const float* after, SiteRange range, float* dst);

/// Sum over columns −2 … +2.
void sum_of_five_columns(const float* same, const float* side, SiteRange range, float* dst);

/// Weight of a window: 1/(sum of its five rows)² (equation 6).
void window_weight(const std::array<const float*, 5>& rows, SiteRange range, float* dst);

/// What a difference at a site is blended from: index 4 of `up_down` is the site's row, 0 the fourth above it.
struct BlendSources {
  std::array<const float*, 9> up_down;  ///< differences along columns
  const float* same;                    ///< differences along the row
  const float* side;
  const float* weight_above;  ///< of the window two rows above
  const float* weight_below;
  const float* weight_in_row;  ///< of windows of this row; those two columns aside count
};

/// Green minus own colour at red and blue sites: the mean over five steps in each direction, weighted by the windows
/// there (equation 5). The means have Gaussian weights.
void blend_differences(const BlendSources& src, SiteRange range, float* dst);

/// Green minus the third colour at a red or blue site, from the differences at the diagonal sites, which have that
/// colour: the 7×7 filter of equation 8.
///
/// side  of the rows −3, −1, +1, +3 from the site
void third_color_difference(const std::array<const float*, 4>& side, SiteRange range, float* dst);

/// green = site + own difference; third colour = green − third difference.
void colors_at_colored(const float* site, const float* own_difference, const float* third_difference, int count,
                       float* green, float* third);

/// A colour at a green site: the site less the mean of the four differences next to it (equation 9).
///
/// side  holds the two in the site's row
void color_at_green(const float* site, const float* side, const float* above, const float* below, int count,
                    float* dst);

}  // namespace rdenoise::gbtf

// SPDX-License-Identifier: LGPL-2.1-or-later
// Interpolation at the sites of one kind in one row of a mosaic.
#pragma once

#include <array>
#include <rdenoise/isp.hpp>

namespace rdenoise {

/// The surroundings of every second site of a row. Site i has the value same[2][i]; rows 0 … 4 are two above … two
/// below.
///   same[r][i − 1], same[r][i], same[r][i + 1]   columns −2, 0, +2 from the site
///   side[r][i], side[r][i + 1]                   columns −1, +1 from the site
struct SiteNeighbourhood {
  std::array<const float*, 5> same;
  std::array<const float*, 5> side;
};

/// Where the three colours of the sites go. `own` is the colour of the row besides green, `other` the third one.
struct SiteColors {
  float* own;
  float* green;
  float* other;
};

/// Sites that are red or blue.
void interpolate_colored_sites(DemosaicMethod method, const SiteNeighbourhood& src, int count, const SiteColors& dst);

/// Sites that are green.
void interpolate_green_sites(DemosaicMethod method, const SiteNeighbourhood& src, int count, const SiteColors& dst);

}  // namespace rdenoise

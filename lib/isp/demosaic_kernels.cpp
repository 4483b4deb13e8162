// SPDX-License-Identifier: LGPL-2.1-or-later
#include "isp/demosaic_kernels.hpp"

#include <algorithm>

#include "base/vector_clones.hpp"

namespace rdenoise {
namespace {

// In all four: c the site itself; (n)orth, (s)outh, (w)est, (e)ast by one; nn, ss, ww, ee by two; diagonals by one each
// way. Coefficients of malvar_*: Malvar, He, Cutler 2004, figure 2, over 8.

RDENOISE_VECTOR_CLONES void malvar_colored(const SiteNeighbourhood& src, int count, const SiteColors& dst) {
  const float* nn = src.same[0];
  const float* n = src.same[1];
  const float* c = src.same[2];
  const float* s = src.same[3];
  const float* ss = src.same[4];
  const float* n_side = src.side[1];
  const float* side = src.side[2];
  const float* s_side = src.side[3];
  float* green = dst.green;
  float* other = dst.other;
#pragma GCC ivdep
  for (int i = 0; i < count; ++i) {
    const float cross = n[i] + s[i] + side[i] + side[i + 1];
    const float far = nn[i] + ss[i] + c[i - 1] + c[i + 1];
    const float diagonal = n_side[i] + n_side[i + 1] + s_side[i] + s_side[i + 1];
    green[i] = 0.5F * c[i] + 0.25F * cross - 0.125F * far;
    other[i] = 0.75F * c[i] + 0.25F * diagonal - 0.1875F * far;
  }
}

RDENOISE_VECTOR_CLONES void malvar_green(const SiteNeighbourhood& src, int count, const SiteColors& dst) {
  const float* nn = src.same[0];
  const float* n = src.same[1];
  const float* c = src.same[2];
  const float* s = src.same[3];
  const float* ss = src.same[4];
  const float* n_side = src.side[1];
  const float* side = src.side[2];
  const float* s_side = src.side[3];
  float* own = dst.own;
  float* other = dst.other;
#pragma GCC ivdep
  for (int i = 0; i < count; ++i) {
    const float diagonal = n_side[i] + n_side[i + 1] + s_side[i] + s_side[i + 1];
    const float far_along = c[i - 1] + c[i + 1];
    const float far_across = nn[i] + ss[i];
    const float base = 0.625F * c[i] - 0.125F * diagonal;
    own[i] = base + 0.5F * (side[i] + side[i + 1]) - 0.125F * far_along + 0.0625F * far_across;
    other[i] = base + 0.5F * (n[i] + s[i]) - 0.125F * far_across + 0.0625F * far_along;
  }
}

RDENOISE_VECTOR_CLONES void bilinear_colored(const SiteNeighbourhood& src, int count, const SiteColors& dst) {
  const float* n = src.same[1];
  const float* s = src.same[3];
  const float* n_side = src.side[1];
  const float* side = src.side[2];
  const float* s_side = src.side[3];
  float* green = dst.green;
  float* other = dst.other;
#pragma GCC ivdep
  for (int i = 0; i < count; ++i) {
    green[i] = 0.25F * (n[i] + s[i] + side[i] + side[i + 1]);
    other[i] = 0.25F * (n_side[i] + n_side[i + 1] + s_side[i] + s_side[i + 1]);
  }
}

RDENOISE_VECTOR_CLONES void bilinear_green(const SiteNeighbourhood& src, int count, const SiteColors& dst) {
  const float* n = src.same[1];
  const float* s = src.same[3];
  const float* side = src.side[2];
  float* own = dst.own;
  float* other = dst.other;
#pragma GCC ivdep
  for (int i = 0; i < count; ++i) {
    own[i] = 0.5F * (side[i] + side[i + 1]);
    other[i] = 0.5F * (n[i] + s[i]);
  }
}

}  // namespace

void interpolate_colored_sites(DemosaicMethod method, const SiteNeighbourhood& src, int count, const SiteColors& dst) {
  std::copy_n(src.same[2], count, dst.own);
  method == DemosaicMethod::malvar ? malvar_colored(src, count, dst) : bilinear_colored(src, count, dst);
}

void interpolate_green_sites(DemosaicMethod method, const SiteNeighbourhood& src, int count, const SiteColors& dst) {
  std::copy_n(src.same[2], count, dst.green);
  method == DemosaicMethod::malvar ? malvar_green(src, count, dst) : bilinear_green(src, count, dst);
}

}  // namespace rdenoise

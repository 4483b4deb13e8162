// SPDX-License-Identifier: LGPL-2.1-or-later
#include <map>
#include <mutex>
#include <utility>

#include "isp/demosaic_probe.hpp"

namespace rdenoise {

DemosaicNoise::Covariance DemosaicNoise::covariance(int site,
                                                    const std::array<double, 3>& site_variance) const noexcept {
  Covariance sum{};
  for (int color = 0; color < 3; ++color) {
    for (int i = 0; i < 9; ++i) sum[i] += site_variance[color] * covariance_gain[site][color][i];
  }
  return sum;
}

const DemosaicNoise& demosaic_noise(DemosaicMethod method) {
  static std::mutex mutex;
  static std::map<DemosaicMethod, DemosaicNoise> known;  // its elements never move
  const std::scoped_lock lock(mutex);
  const auto found = known.find(method);
  if (found != known.end()) return found->second;
  const Demosaicer demosaicer = [method](const Image& mosaic) { return demosaic(mosaic.view(), method); };
  const DemosaicNoise noise = is_linear(demosaicer) ? probe_by_impulses(demosaicer) : probe_by_noise(demosaicer);
  return known.emplace(method, noise).first->second;
}

}  // namespace rdenoise

// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <rdenoise/error.hpp>
#include <rdenoise/nonlocal.hpp>
#include <rdenoise/parallel.hpp>
#include <string>

#include "nonlocal/block_pass.hpp"
#include "nonlocal/block_transform.hpp"
#include "nonlocal/group_shrinkage.hpp"
#include "nonlocal/mirrored.hpp"
#include "nonlocal/opponent_color.hpp"

namespace rdenoise {
namespace {

constexpr double strong_noise_8bit = 40.0;

/// Memory of each worker for the blocks of a group.
class GroupMemory {
 public:
  GroupMemory(const WorkerPool& workers, const BlockGrouping& grouping)
      : floats_(static_cast<std::size_t>(grouping.max_blocks) * block_floats(grouping.block_px)),
        memory_(floats_ * workers.n_threads()) {}
  [[nodiscard]] float* of(int worker) noexcept { return memory_.data() + floats_ * worker; }

 private:
  std::size_t floats_;
  std::vector<float> memory_;
};

/// σ of each plane, in signal.
using PlaneSigmas = std::array<double, 3>;

PassGeometry geometry_of(const Image& image) { return {image.width_px(), image.height_px(), image.plane_count()}; }

FindGroup finder(const MatchingPlane& plane, const BlockGrouping& grouping) {
  return [&](const ReferenceBlock& reference) { return match_blocks(plane, reference.position, grouping); };
}

void forward(const BlockTransform& transform, float* blocks, int count) {
  transform.forward(blocks, count);
  haar_forward(blocks, count, block_floats(transform.block_px()));
}

void inverse(const BlockTransform& transform, float* blocks, int count) {
  haar_inverse(blocks, count, block_floats(transform.block_px()));
  transform.inverse(blocks, count);
}

/// Step 1: hard thresholding of groups matched in the noisy picture.
Image hard_threshold_step(const Image& noisy, const PlaneSigmas& sigmas, const Bm3dProfile& profile,
                          WorkerPool& workers) {
  const BlockGrouping& grouping = profile.hard_threshold;
  const BlockTransform transform = std::has_single_bit(static_cast<unsigned>(grouping.block_px))
                                       ? BlockTransform::bior15(grouping.block_px)
                                       : BlockTransform::dct(grouping.block_px);
  const MatchingPlane plane(noisy.plane(0), noisy.width_px(), noisy.height_px());
  GroupMemory memory(workers, grouping);
  const auto filter = [&](int worker, int index, const BlockGroup& group) {
    float* blocks = memory.of(worker);
    gather_blocks(noisy.plane(index), noisy.width_px(), group, grouping.block_px, blocks);
    forward(transform, blocks, group.count);
    const int left = hard_threshold({blocks, static_cast<std::size_t>(group.count) * block_floats(grouping.block_px)},
                                    static_cast<float>(profile.threshold_sigmas * sigmas[index]));
    inverse(transform, blocks, group.count);
    return GroupEstimate{blocks, 1.F / static_cast<float>(std::max(left, 1))};
  };
  Image basic = noisy;
  run_block_pass(geometry_of(noisy), grouping, workers, finder(plane, grouping), filter, basic.samples());
  return basic;
}

/// Step 2: Wiener filtering of groups matched in the basic estimate, which is the pilot as well.
Image wiener_step(const Image& noisy, const Image& basic, const PlaneSigmas& sigmas, const BlockGrouping& grouping,
                  WorkerPool& workers) {
  const BlockTransform transform = BlockTransform::dct(grouping.block_px);
  const MatchingPlane plane(basic.plane(0), basic.width_px(), basic.height_px());
  GroupMemory memory(workers, grouping);
  GroupMemory pilot_memory(workers, grouping);
  const auto filter = [&](int worker, int index, const BlockGroup& group) {
    float* blocks = memory.of(worker);
    float* pilot = pilot_memory.of(worker);
    gather_blocks(noisy.plane(index), noisy.width_px(), group, grouping.block_px, blocks);
    gather_blocks(basic.plane(index), basic.width_px(), group, grouping.block_px, pilot);
    forward(transform, blocks, group.count);
    forward(transform, pilot, group.count);
    const std::size_t floats = static_cast<std::size_t>(group.count) * block_floats(grouping.block_px);
    const float energy = wiener({blocks, floats}, {pilot, floats}, static_cast<float>(sigmas[index] * sigmas[index]));
    inverse(transform, blocks, group.count);
    // A group of no energy is all 0; its weight must stay finite.
    return GroupEstimate{blocks, 1.F / std::max(energy, 1e-6F)};
  };
  Image result = noisy;
  run_block_pass(geometry_of(noisy), grouping, workers, finder(plane, grouping), filter, result.samples());
  return result;
}

void check(const Image& noisy, double sigma_8bit) {
  if (noisy.color_model() == ColorModel::bayer)
    throw Error(ErrorCode::unsupported, "denoising by BM3D: expected a gray or rgb picture, found bayer");
  if (!std::isfinite(sigma_8bit) || sigma_8bit < 0.0)
    throw Error(ErrorCode::invalid_argument,
                "denoising by BM3D: expected a finite σ of 0 or more, found " + std::to_string(sigma_8bit));
}

}  // namespace

Bm3dProfile bm3d_profile(double sigma_8bit) noexcept {
  Bm3dProfile profile;
  profile.wiener = {.max_blocks = 32, .max_distance_8bit2 = 400};
  if (sigma_8bit <= strong_noise_8bit) return profile;
  profile.hard_threshold.step_px = 4;
  profile.hard_threshold.max_blocks = 32;
  profile.hard_threshold.max_distance_8bit2 = 25000;
  profile.wiener.block_px = 11;
  profile.wiener.step_px = 6;
  profile.wiener.max_distance_8bit2 = 3500;
  return profile;
}

Image bm3d(const Image& noisy, double sigma_8bit, const NonlocalOptions& options) {
  return bm3d(noisy, sigma_8bit, bm3d_profile(sigma_8bit), options);
}

Image bm3d(const Image& noisy, double sigma_8bit, const Bm3dProfile& profile, const NonlocalOptions& options) {
  check(noisy, sigma_8bit);
  check_grouping(profile.hard_threshold);
  check_grouping(profile.wiener);
  if (sigma_8bit == 0.0 || noisy.samples().empty()) return noisy;
  const int block_px = std::max(profile.hard_threshold.block_px, profile.wiener.block_px);
  Image picture = mirrored_to(noisy, block_px, block_px);
  const bool in_color = picture.color_model() == ColorModel::rgb;
  PlaneSigmas sigmas{1.0, 1.0, 1.0};
  if (in_color) {
    to_opponent(picture);
    sigmas = opponent_sigma;
  }
  for (double& sigma : sigmas) sigma *= sigma_8bit / 255.0;
  WorkerPool workers(options.n_threads);
  const Image basic = hard_threshold_step(picture, sigmas, profile, workers);
  Image result = wiener_step(picture, basic, sigmas, profile.wiener, workers);
  if (in_color) from_opponent(result);
  return cropped_to(result, noisy.width_px(), noisy.height_px());
}

}  // namespace rdenoise

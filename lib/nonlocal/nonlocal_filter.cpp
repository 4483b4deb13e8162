// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <rdenoise/error.hpp>
#include <rdenoise/nonlocal.hpp>
#include <rdenoise/parallel.hpp>
#include <string>

#include "nonlocal/block_pass.hpp"
#include "nonlocal/block_transform.hpp"
#include "nonlocal/group_shrinkage.hpp"
#include "nonlocal/mirrored.hpp"

namespace rdenoise {
namespace {

/// Groups of all reference blocks, kept small: offsets from the reference, which fit a byte.
class GroupTable {
 public:
  GroupTable(const MatchingPlane& plane, const BlockGrouping& grouping, int n_threads)
      : columns_(block_origins(plane.width_px(), grouping.block_px, grouping.step_px)),
        max_blocks_(grouping.max_blocks) {
    const std::vector<int> rows = block_origins(plane.height_px(), grouping.block_px, grouping.step_px);
    counts_.resize(columns_.size() * rows.size());
    offsets_.resize(counts_.size() * max_blocks_);
    parallel_bands(static_cast<int>(rows.size()), 1, n_threads, [&](int begin, int end) {
      for (int row = begin; row < end; ++row)
        for (int column = 0; column < static_cast<int>(columns_.size()); ++column)
          store({column, row, {columns_[column], rows[row]}}, plane, grouping);
    });
  }

  [[nodiscard]] BlockGroup find(const ReferenceBlock& reference) const noexcept {
    const std::size_t place = place_of(reference);
    BlockGroup group;
    group.count = counts_[place];
    for (int b = 0; b < group.count; ++b) {
      const Offset offset = offsets_[place * max_blocks_ + b];
      group.positions[b] = {reference.position.x_px + offset.x_px, reference.position.y_px + offset.y_px};
    }
    return group;
  }

 private:
  struct Offset {
    std::int8_t x_px, y_px;
  };

  [[nodiscard]] std::size_t place_of(const ReferenceBlock& reference) const noexcept {
    return static_cast<std::size_t>(reference.row) * columns_.size() + reference.column;
  }

  void store(const ReferenceBlock& reference, const MatchingPlane& plane, const BlockGrouping& grouping) {
    const BlockGroup group = match_blocks(plane, reference.position, grouping);
    const std::size_t place = place_of(reference);
    counts_[place] = static_cast<std::uint8_t>(group.count);
    for (int b = 0; b < group.count; ++b)
      offsets_[place * max_blocks_ + b] = {static_cast<std::int8_t>(group.positions[b].x_px - reference.position.x_px),
                                           static_cast<std::int8_t>(group.positions[b].y_px - reference.position.y_px)};
  }

  std::vector<int> columns_;
  std::size_t max_blocks_;
  std::vector<std::uint8_t> counts_;
  std::vector<Offset> offsets_;
};

const Image& checked(const Image& guide) {
  if (guide.color_model() == ColorModel::bayer)
    throw Error(ErrorCode::unsupported, "grouping blocks: expected a gray or rgb picture, found bayer");
  return guide;
}

std::vector<float> mean_of_planes(const Image& image) {
  const std::span<const float> first = image.plane(0);
  std::vector<float> mean(first.begin(), first.end());
  for (int plane = 1; plane < image.plane_count(); ++plane)
    for (std::size_t i = 0; i < mean.size(); ++i) mean[i] += image.plane(plane)[i];
  for (float& sample : mean) sample /= static_cast<float>(image.plane_count());
  return mean;
}

MatchingPlane matching_plane(const Image& guide, const BlockGrouping& grouping) {
  check_grouping(grouping);
  const Image picture = mirrored_to(checked(guide), grouping.block_px, grouping.block_px);
  return {mean_of_planes(picture), picture.width_px(), picture.height_px()};
}

std::string shape_text(ColorModel color_model, int width_px, int height_px) {
  return std::string(to_string(color_model)) + " " + std::to_string(width_px) + "x" + std::to_string(height_px);
}

}  // namespace

struct NonlocalFilter::Impl {
  ColorModel color_model;
  int width_px;
  int height_px;
  BlockGrouping grouping;
  int n_threads;
  GroupTable groups;
};

BlockGrouping NonlocalFilter::paper_grouping() noexcept {
  return {.block_px = 10,
          .step_px = 3,
          .max_blocks = 32,
          .max_distance_8bit2 = std::numeric_limits<double>::infinity(),
          .kaiser_beta = 0.0};
}

NonlocalFilter::NonlocalFilter(const Image& guide, const BlockGrouping& grouping, const NonlocalOptions& options)
    : impl_(std::make_unique<Impl>(Impl{guide.color_model(), guide.width_px(), guide.height_px(), grouping,
                                        options.n_threads,
                                        GroupTable(matching_plane(guide, grouping), grouping, options.n_threads)})) {}

NonlocalFilter::~NonlocalFilter() = default;
NonlocalFilter::NonlocalFilter(NonlocalFilter&&) noexcept = default;
NonlocalFilter& NonlocalFilter::operator=(NonlocalFilter&&) noexcept = default;

Image NonlocalFilter::filter(const Image& picture, double tau_8bit) const {
  if (picture.color_model() != impl_->color_model || picture.width_px() != impl_->width_px ||
      picture.height_px() != impl_->height_px)
    throw Error(ErrorCode::invalid_argument,
                "filtering groups of blocks: expected a picture like the guide, " +
                    shape_text(impl_->color_model, impl_->width_px, impl_->height_px) + ", found " +
                    shape_text(picture.color_model(), picture.width_px(), picture.height_px()));
  if (!std::isfinite(tau_8bit) || tau_8bit < 0.0)
    throw Error(ErrorCode::invalid_argument,
                "filtering groups of blocks: expected a finite τ of 0 or more, found " + std::to_string(tau_8bit));
  const BlockGrouping& grouping = impl_->grouping;
  const Image source = mirrored_to(picture, grouping.block_px, grouping.block_px);
  WorkerPool workers(impl_->n_threads);
  const std::size_t block = static_cast<std::size_t>(block_floats(grouping.block_px));
  std::vector<float> memory(block * grouping.max_blocks * workers.n_threads());
  const auto filter = [&](int worker, int plane, const BlockGroup& group) {
    float* blocks = memory.data() + block * grouping.max_blocks * worker;
    gather_blocks(source.plane(plane), source.width_px(), group, grouping.block_px, blocks);
    haar_forward(blocks, group.count, static_cast<int>(block));
    const float details =
        shrink_details({blocks + block, block * (group.count - 1)}, static_cast<float>(tau_8bit / 255.0));
    haar_inverse(blocks, group.count, static_cast<int>(block));
    // The means are kept, each with a factor of 1.
    return GroupEstimate{blocks, 1.F / (static_cast<float>(grouping.block_px * grouping.block_px) + details)};
  };
  Image result = source;
  run_block_pass(
      {source.width_px(), source.height_px(), source.plane_count()}, grouping, workers,
      [&](const ReferenceBlock& reference) { return impl_->groups.find(reference); }, filter, result.samples());
  return cropped_to(result, picture.width_px(), picture.height_px());
}

}  // namespace rdenoise

// SPDX-License-Identifier: LGPL-2.1-or-later
#include "data/class_source.hpp"

#include <algorithm>
#include <cmath>
#include <mutex>
#include <rdenoise/error.hpp>
#include <rdenoise/parallel.hpp>
#include <rdenoise/resize.hpp>

#include "data/picture_folder.hpp"
#include "data/picture_set.hpp"
#include "data/prefetcher.hpp"
#include "data/scene_split.hpp"
#include "domains/domain.hpp"
#include "training_noise.hpp"

namespace rdenoise::training {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t validation_seed = 0x76616c6964ULL;
constexpr std::size_t batches_ahead = 3;
constexpr double largest_zoom = 1.25;  // the picture may be this much larger than the square, so squares show parts

/// A picture at the greatest size that is looked at.
struct ClassPicture {
  StoredPicture picture;
  double reduction = 1.0;  ///< of its shorter side, from the file
};

Image with_shorter_side(const Image& picture, double shorter_px) {
  const double scale = shorter_px / std::min(picture.width_px(), picture.height_px());
  const auto side = [&](int px) { return std::max(static_cast<int>(std::lround(px * scale)), 1); };
  return resize(picture, side(picture.width_px()), side(picture.height_px()), ResizeFilter::area, 1);
}

}  // namespace

struct ClassSource::Impl {
  Impl(const Recipe& wanted, const fs::path& data, torch::Device on)
      : recipe(wanted), device(on), domain(find_domain(recipe.network.input)) {
    if (recipe.task.kind != "classify")
      throw Error(ErrorCode::invalid_argument,
                  "reading pictures by class: expected the task classify, found " + recipe.task.kind);
    for (std::size_t label = 0; label < recipe.task.classes.size(); ++label)
      read_class(data, recipe.data.folders[label], recipe.task.classes[label]);
  }

  void read_class(const fs::path& data, const std::string& folder, const std::string& name) {
    const std::vector<fs::path> paths = pictures_below(data / folder);
    std::vector<std::string> names;
    for (const fs::path& path : paths) names.push_back(name_below(data, path));
    const std::vector<PictureUse> uses = split_by_scene(
        names, {recipe.data.scene, recipe.data.hold_out, recipe.data.exclude, recipe.data.hold_out_every});
    std::vector<ClassPicture> read(paths.size());
    pool.run(static_cast<int>(paths.size()), [&](int, int index) {
      const auto i = static_cast<std::size_t>(index);
      if (uses[i] == PictureUse::none) return;
      const Image full = read_training_picture(paths[i], domain.stored, 0);
      const double shorter_px = largest_zoom * recipe.task.side_px;
      read[i] = {stored(with_shorter_side(full, shorter_px)), std::min(full.width_px(), full.height_px()) / shorter_px};
    });
    std::vector<ClassPicture>& train = training_pictures.emplace_back();
    std::vector<ClassPicture>& validate = held_out.emplace_back();
    for (std::size_t i = 0; i < read.size(); ++i)
      if (uses[i] != PictureUse::none) (uses[i] == PictureUse::train ? train : validate).push_back(std::move(read[i]));
    if (train.empty() || validate.empty())
      throw Error(ErrorCode::not_found, "reading pictures of class " + name + " in " + (data / folder).string() +
                                            ": expected some to train and some to validate on, found " +
                                            std::to_string(train.size()) + " and " + std::to_string(validate.size()));
  }

  /// A square with noise; the noise of the picture's own size is averaged by the reduction.
  [[nodiscard]] Image looked_at(const ClassPicture& of, double zoom, PatchPlace place, bool middle, PatchNoise noise,
                                PatchRandom& random) const {
    const int side_px = recipe.task.side_px;
    const Image whole = crop_whole(of.picture);
    const StoredPicture reduced = stored(with_shorter_side(whole, zoom * side_px));
    if (middle)
      place = middle_place(reduced, side_px);
    else
      place = {random.below(reduced.width_px - side_px + 1), random.below(reduced.height_px - side_px + 1), place.turn};
    const double reduction = std::max(1.0, of.reduction * largest_zoom / zoom);
    noise.model.a /= reduction * reduction;
    noise.model.b /= reduction * reduction;
    Image square = crop(reduced, place, side_px);
    add_patch_noise(square, noise, random.noise_seed());
    return square;
  }

  [[nodiscard]] static Image crop_whole(const StoredPicture& picture) {
    Image image(picture.color_model, picture.width_px, picture.height_px);
    for (std::size_t i = 0; i < picture.samples.size(); ++i)
      image.samples()[i] = static_cast<float>(picture.samples[i]) / 255.F;
    return image;
  }

  [[nodiscard]] ClassBatch room(std::int64_t n, bool pinned) const {
    const std::int64_t side = recipe.task.side_px;
    return {torch::empty({n, recipe.network.image_channels, side, side},
                         torch::TensorOptions(torch::kFloat).pinned_memory(pinned)),
            torch::empty({n}, torch::TensorOptions(torch::kLong).pinned_memory(pinned))};
  }

  static void put(ClassBatch& batch, std::int64_t index, const Image& square, std::size_t label) {
    std::ranges::copy(square.samples(),
                      batch.pictures.data_ptr<float>() + static_cast<std::size_t>(index) * square.samples().size());
    batch.labels.data_ptr<std::int64_t>()[index] = static_cast<std::int64_t>(label);
  }

  [[nodiscard]] ClassBatch training(std::int64_t step) {
    ClassBatch batch = room(recipe.data.batch, device.is_cuda());
    const std::lock_guard lock(pool_mutex);
    pool.run(recipe.data.batch, [&](int, int i) {
      PatchRandom random(recipe.seed, static_cast<std::uint64_t>(step) * static_cast<std::uint64_t>(recipe.data.batch) +
                                          static_cast<std::uint64_t>(i));
      const auto label = static_cast<std::size_t>(random.below(static_cast<int>(training_pictures.size())));
      const auto& pictures = training_pictures[label];
      const ClassPicture& chosen = pictures[static_cast<std::size_t>(random.below(static_cast<int>(pictures.size())))];
      const double zoom = random.uniform(1.0, largest_zoom);
      constexpr int mirrored = 4;  // a face upside down is none
      const int turn = random.below(2) * mirrored;
      PatchNoise noise = draw_noise(recipe.noise, domain.input, recipe.task.side_px, random);
      put(batch, i, looked_at(chosen, zoom, {0, 0, turn}, false, noise, random), label);
    });
    return batch;
  }

  [[nodiscard]] ClassBatch validation(double sigma_8bit) const {
    std::int64_t count = 0;
    for (const auto& pictures : held_out) count += static_cast<std::int64_t>(pictures.size());
    ClassBatch batch = room(count, false);
    std::int64_t index = 0;
    for (std::size_t label = 0; label < held_out.size(); ++label)
      for (const ClassPicture& picture : held_out[label]) {
        PatchRandom random(validation_seed, static_cast<std::uint64_t>(index));
        PatchNoise noise;
        noise.model = NoiseModel::gaussian(sigma_8bit);
        put(batch, index++, looked_at(picture, 1.0, {}, true, noise, random), label);
      }
    return batch;
  }

  [[nodiscard]] ClassBatch moved(const ClassBatch& batch) const {
    return {batch.pictures.to(device, /*non_blocking=*/true), batch.labels.to(device, /*non_blocking=*/true)};
  }

  Recipe recipe;
  torch::Device device;
  const Domain& domain;
  std::vector<std::vector<ClassPicture>> training_pictures;  ///< by class
  std::vector<std::vector<ClassPicture>> held_out;
  std::mutex pool_mutex;
  WorkerPool pool{0};
  Prefetcher<ClassBatch> ahead{[this](std::int64_t step) { return training(step); }, batches_ahead};  // last
};

ClassSource::ClassSource(const Recipe& recipe, const fs::path& data, torch::Device device)
    : impl_(std::make_unique<Impl>(recipe, data, device)) {}

ClassSource::~ClassSource() = default;

ClassBatch ClassSource::training_batch(std::int64_t step) const { return impl_->moved(impl_->ahead.take(step)); }

ClassBatch ClassSource::validation_batch(double sigma_8bit) const {
  return impl_->moved(impl_->validation(sigma_8bit));
}

}  // namespace rdenoise::training

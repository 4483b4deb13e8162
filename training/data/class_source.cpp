// SPDX-License-Identifier: LGPL-2.1-or-later
#include "data/class_source.hpp"

#include <algorithm>
#include <mutex>
#include <rdenoise/parallel.hpp>

#include "data/class_set.hpp"
#include "data/prefetcher.hpp"

namespace rdenoise::training {
namespace {

constexpr std::size_t batches_ahead = 3;

void put(ClassBatch& batch, int index, const LabelledPicture& of) {
  const auto samples = of.picture.samples();
  std::ranges::copy(samples, batch.pictures.data_ptr<float>() + static_cast<std::size_t>(index) * samples.size());
  batch.labels.data_ptr<std::int64_t>()[index] = of.label;
}

}  // namespace

struct ClassSource::Impl {
  Impl(const Recipe& of, const std::filesystem::path& data, torch::Device on, BatchShare share)
      : recipe(of),
        device(on),
        count(share.size(of.data.batch)),
        first(share.first(of.data.batch)),
        pictures(of, data) {}

  [[nodiscard]] ClassBatch room(int n) const {
    const auto options = torch::TensorOptions().pinned_memory(device.is_cuda());
    const int side = recipe.task.side_px;
    return {torch::empty({n, recipe.network.image_channels, side, side}, options.dtype(torch::kFloat)),
            torch::empty({n}, options.dtype(torch::kLong))};
  }

  [[nodiscard]] ClassBatch training(std::int64_t step) {
    ClassBatch batch = room(count);
    const std::lock_guard lock(pool_mutex);
    pool.run(count, [&](int, int i) { put(batch, i, pictures.training(step, first + i)); });
    return batch;
  }

  [[nodiscard]] ClassBatch moved(const ClassBatch& batch) const {
    return {batch.pictures.to(device, /*non_blocking=*/true), batch.labels.to(device, /*non_blocking=*/true)};
  }

  Recipe recipe;
  torch::Device device;
  int count;  ///< pictures that this process makes
  int first;
  ClassSet pictures;
  std::mutex pool_mutex;
  WorkerPool pool{0};
  // Last, since its thread uses all the rest.
  Prefetcher<ClassBatch> ahead{[this](std::int64_t step) { return training(step); }, batches_ahead};
};

ClassSource::ClassSource(const Recipe& recipe, const std::filesystem::path& data, torch::Device device,
                         BatchShare share)
    : impl_(std::make_unique<Impl>(recipe, data, device, share)) {}

ClassSource::~ClassSource() = default;

ClassBatch ClassSource::training_batch(std::int64_t step) const { return impl_->moved(impl_->ahead.take(step)); }

ClassBatch ClassSource::make_batch(std::int64_t step) const { return impl_->moved(impl_->training(step)); }

ClassBatch ClassSource::validation_batch(double sigma_8bit) const {
  ClassBatch batch = impl_->room(impl_->pictures.validation_count());
  for (int i = 0; i < impl_->pictures.validation_count(); ++i) put(batch, i, impl_->pictures.validation(i, sigma_8bit));
  return impl_->moved(batch);
}

}  // namespace rdenoise::training

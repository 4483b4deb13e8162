// SPDX-License-Identifier: LGPL-2.1-or-later
#include "patch_source.hpp"

#include <mutex>
#include <rdenoise/parallel.hpp>

#include "data/batch_assembly.hpp"
#include "data/prefetcher.hpp"
#include "data/sample_source.hpp"

namespace rdenoise::training {
namespace {

constexpr std::size_t batches_ahead = 3;

Batch moved(const Batch& batch, torch::Device device) {
  const auto to = [&](const torch::Tensor& tensor) {
    return tensor.defined() ? tensor.to(device, /*non_blocking=*/true) : tensor;
  };
  return {to(batch.clean), to(batch.noisy), to(batch.noise_map), to(batch.sigma), batch.true_sigma};
}

}  // namespace

struct PatchSource::Impl {
  Impl(const Recipe& recipe, const NetworkSpec& network, const std::filesystem::path& data, torch::Device on,
       BatchShare share)
      : spec(network),
        patch_px(recipe.data.patch_px),
        has_sigma(recipe.task.kind == "denoise" || recipe.task.kind == "denoise+demosaic"),
        device(on),
        count(share.size(recipe.data.batch)),
        first(share.first(recipe.data.batch)),
        samples(recipe, network, data) {}

  [[nodiscard]] Batch training(std::int64_t step) {
    BatchAssembly assembly(count, spec.params.image_channels, patch_px, spec.noise_map_layer(), device.is_cuda());
    const std::lock_guard lock(pool_mutex);
    pool.run(count, [&](int, int i) { assembly.put(i, samples.training(step, first + i)); });
    Batch batch = assembly.take();
    batch.true_sigma = !samples.is_of_pairs(step);
    return batch;
  }

  [[nodiscard]] Batch validation(const std::vector<ValidationLevel>& levels) const {
    std::size_t patches = 0;
    for (const ValidationLevel& level : levels) patches += samples.validation_count(level);
    BatchAssembly assembly(static_cast<int>(patches), spec.params.image_channels, SampleSource::validation_px,
                           spec.noise_map_layer(), false);
    int index = 0;
    bool true_sigma = true;
    for (const ValidationLevel& level : levels) {
      true_sigma = true_sigma && !SampleSource::is_of_pairs(level);
      for (std::size_t i = 0; i < samples.validation_count(level); ++i)
        assembly.put(index++, samples.validation(level, i));
    }
    Batch batch = assembly.take();
    batch.true_sigma = true_sigma;
    return moved(batch, device);
  }

  NetworkSpec spec;
  int patch_px;
  bool has_sigma;  ///< the task's validation levels are σ
  torch::Device device;
  int count;  ///< patches that this process makes
  int first;
  SampleSource samples;
  std::mutex pool_mutex;
  WorkerPool pool{0};
  // Last, since its thread uses all the rest.
  Prefetcher<Batch> ahead{[this](std::int64_t step) { return training(step); }, batches_ahead};
};

PatchSource::PatchSource(const Recipe& recipe, const NetworkSpec& spec, const std::filesystem::path& data,
                         torch::Device device, BatchShare share)
    : impl_(std::make_unique<Impl>(recipe, spec, data, device, share)) {}

PatchSource::~PatchSource() = default;

Batch PatchSource::training_batch(std::int64_t step) const { return moved(impl_->ahead.take(step), impl_->device); }

Batch PatchSource::make_batch(std::int64_t step) const { return moved(impl_->training(step), impl_->device); }

Batch PatchSource::validation_batch(const ValidationLevel& level) const { return impl_->validation({level}); }

Batch PatchSource::validation_batch(double sigma_8bit) const {
  return impl_->has_sigma ? impl_->validation({{"σ", 0, sigma_8bit}}) : impl_->validation(validation_levels());
}

const std::vector<ValidationLevel>& PatchSource::validation_levels() const noexcept {
  return impl_->samples.validation_levels();
}
std::size_t PatchSource::picture_count() const noexcept { return impl_->samples.pictures().pictures().size(); }
std::size_t PatchSource::held_out_count() const noexcept { return impl_->samples.pictures().held_out().size(); }
std::size_t PatchSource::pair_count() const noexcept { return impl_->samples.pairs().count(); }
const std::vector<std::string>& PatchSource::remarks() const noexcept { return impl_->samples.remarks(); }

}  // namespace rdenoise::training

// SPDX-License-Identifier: LGPL-2.1-or-later
// After the first frame of a size nothing is allocated: counted are all calls of operator new in the process (TBB takes
// its tasks from a pool of its own).
#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <new>
#include <rdenoise/temporal_average.hpp>

#include "lib/denoise/frames.hpp"

namespace {
std::atomic<long> allocations = 0;

void* allocate(std::size_t size, std::size_t alignment) {
  ++allocations;
  void* memory = alignment <= alignof(std::max_align_t)
                     ? std::malloc(size)
                     : std::aligned_alloc(alignment, (size + alignment - 1) / alignment * alignment);
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}
}  // namespace

void* operator new(std::size_t size) { return allocate(size, 0); }
void* operator new[](std::size_t size) { return allocate(size, 0); }
void* operator new(std::size_t size, std::align_val_t alignment) {
  return allocate(size, static_cast<std::size_t>(alignment));
}
void* operator new[](std::size_t size, std::align_val_t alignment) {
  return allocate(size, static_cast<std::size_t>(alignment));
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete[](void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::align_val_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::align_val_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t, std::align_val_t) noexcept { std::free(memory); }

namespace rdenoise {
namespace {

long allocations_of_later_frames(InputDomain input, const ConstFrameView& src, const FrameView& dst) {
  FrameDenoiser denoiser = test::fake_denoiser(test::ffdnet(input), test::pass_through, {.tile_size_px = 8});
  const NoiseProfile noise = test::different_noise(src.color_model);
  const long before_first = allocations;
  denoiser.denoise(src, dst, noise);
  const long before_second = allocations;
  EXPECT_GT(before_second, before_first) << "the first frame allocates, so the count is alive";
  for (int frame = 0; frame < 5; ++frame) denoiser.denoise(src, dst, noise);
  return allocations - before_second;
}

TEST(Allocation, the_first_frame_after_prepare_allocates_nothing) {
  FrameDenoiser denoiser = test::fake_denoiser(test::ffdnet(InputDomain::rgb), test::pass_through, {.tile_size_px = 8});
  const Image src = test::random_picture(ColorModel::rgb, 41, 27);
  Image dst(ColorModel::rgb, 41, 27);
  const NoiseProfile noise = test::different_noise(ColorModel::rgb);
  const long before_prepare = allocations;
  denoiser.prepare(src.view());
  const long before_frame = allocations;
  EXPECT_GT(before_frame, before_prepare) << "all that is needed is allocated here";
  denoiser.denoise(src.view(), dst.view(), noise);
  EXPECT_EQ(allocations, before_frame);
}

TEST(Allocation, later_frames_of_a_size_allocate_nothing) {
  const std::pair<InputDomain, ColorModel> pairs[] = {{InputDomain::gray, ColorModel::gray},
                                                      {InputDomain::gray, ColorModel::bayer},
                                                      {InputDomain::rgb, ColorModel::rgb},
                                                      {InputDomain::bayer, ColorModel::bayer}};
  for (const auto& [input, model] : pairs) {
    const Image src = test::random_picture(model, 101, 67, CfaPattern::bggr);
    Image dst(model, 101, 67, CfaPattern::bggr);
    EXPECT_EQ(allocations_of_later_frames(input, src.view(), dst.view()), 0)
        << to_string(input) << " on " << to_string(model);
  }
  test::Yuv420 src(101, 67);
  test::Yuv420 dst(101, 67);
  EXPECT_EQ(allocations_of_later_frames(InputDomain::gray, src.view(), dst.view()), 0) << "gray on yuv";
  EXPECT_EQ(allocations_of_later_frames(InputDomain::yuv420, src.view(), dst.view()), 0) << "yuv420 on yuv";
}

TEST(Allocation, averaging_later_frames_over_time_allocates_nothing) {
  TemporalAverage average(2);
  test::Yuv420 frame(101, 67);
  const NoiseProfile noise = test::different_noise(ColorModel::yuv);
  const long before_first = allocations;
  for (int n = 0; n < 2; ++n) (void)average.add(frame.view(), noise);
  const long before_third = allocations;
  EXPECT_GT(before_third, before_first);
  for (int n = 0; n < 5; ++n) (void)average.add(frame.view(), noise);
  EXPECT_EQ(allocations, before_third);
}

TEST(Allocation, networks_of_a_size_no_longer_needed_are_given_back) {
  // Each size prepares its own networks; were they kept, every new size would add to what lives.
  static std::atomic<int> alive = 0;
  struct CountedRun final : NetworkRun {
    explicit CountedRun(std::unique_ptr<NetworkRun> run) : inner(std::move(run)) { ++alive; }
    ~CountedRun() override { --alive; }
    TensorView image() override { return inner->image(); }
    TensorView noise_map() override { return inner->noise_map(); }
    void run() override { inner->run(); }
    ConstTensorView output() const override { return inner->output(); }
    std::unique_ptr<NetworkRun> inner;
  };
  struct CountingExecutor final : Executor {
    std::unique_ptr<NetworkRun> prepare(int height_px, int width_px) const override {
      return std::make_unique<CountedRun>(
          std::make_unique<test::FakeRun>(test::ffdnet(InputDomain::gray), height_px, width_px, test::pass_through));
    }
    Precision precision() const noexcept override { return Precision::f32; }
  };
  FrameDenoiser denoiser("test", test::ffdnet(InputDomain::gray), std::make_unique<CountingExecutor>(),
                         {.n_threads = 1});
  for (int size = 10; size < 40; size += 3) {
    test::Yuv420 src(size, size);
    test::Yuv420 dst(size, size);
    denoiser.denoise(src.view(), dst.view(), test::different_noise(ColorModel::yuv));
    EXPECT_EQ(alive, 2) << "one for luma, one for both chroma planes";
  }
}

}  // namespace
}  // namespace rdenoise

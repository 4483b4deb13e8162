// SPDX-License-Identifier: LGPL-2.1-or-later
#include <gtest/gtest.h>

#include <rdenoise/stage_times.hpp>
#include <thread>

namespace rdenoise {
namespace {

TEST(stage_times, nothing_is_described_while_nobody_listens) {
  bool described = false;
  {
    const StageScope scope([&] { return described = true, StageWork{}; });
  }
  EXPECT_FALSE(described);
}

TEST(stage_times, calls_of_one_step_add_up) {
  const StageRecorder recorder;
  const auto convolve = [] {
    const StageScope scope([] {
      return StageWork{.stage = FrameStage::layer, .step = 3, .kind = "convolution", .flop = 10.0, .bytes = 2.0};
    });
  };
  std::thread other(convolve);
  convolve();
  other.join();
  { const StageScope scope(FrameStage::gather); }
  const std::vector<StageTime> times = recorder.times();
  ASSERT_EQ(times.size(), 2U);
  EXPECT_EQ(times[0].work.stage, FrameStage::gather);
  EXPECT_EQ(times[0].calls, 1);
  EXPECT_EQ(times[1].calls, 2);
  EXPECT_EQ(times[1].work.step, 3);
  EXPECT_EQ(times[1].work.flop, 20.0);
  EXPECT_EQ(times[1].work.bytes, 4.0);
  EXPECT_GE(times[1].seconds, 0.0);
}

TEST(stage_times, a_recorder_ends_with_its_life) {
  { const StageRecorder recorder; }
  EXPECT_EQ(StageRecorder::active(), nullptr);
}

}  // namespace
}  // namespace rdenoise

// SPDX-License-Identifier: LGPL-2.1-or-later
// Where the time of a frame goes: stages of denoising, timed while somebody listens and free of cost otherwise.
#pragma once

#include <atomic>
#include <chrono>
#include <map>
#include <mutex>
#include <utility>
#include <vector>

namespace rdenoise {

enum class FrameStage {
  gather,     ///< frame to network input
  noise_map,  ///< what tells the network how strong the noise is; variance stabilisation
  layer,      ///< a step of the network
  scatter     ///< network output to frame
};

/// What one call does.
struct StageWork {
  FrameStage stage = FrameStage::gather;
  int step = 0;           ///< of layers: place in the order of execution
  const char* kind = "";  ///< of layers: "convolution", "shuffle", …; a literal
  int in_channels = 0;    ///< of layers
  int out_channels = 0;   ///< of layers
  int kernel_px = 0;      ///< of convolutions
  double flop = 0.0;      ///< 2 per multiply-add of the direct algorithm
  double bytes = 0.0;     ///< read and written, each value once
};

/// All calls of one stage, or of one step of the network.
struct StageTime {
  StageWork work;  ///< flop and bytes: sums
  long calls = 0;
  double seconds = 0.0;  ///< sum over threads
};

/// While one lives, the work of every denoiser in the process is timed.
/// threads  made and destroyed while nothing is denoised, one at a time; the rest is safe
class StageRecorder {
 public:
  StageRecorder();
  ~StageRecorder();
  StageRecorder(const StageRecorder&) = delete;
  StageRecorder& operator=(const StageRecorder&) = delete;

  /// In the order of the frame's way: stages, and within the network its steps.
  [[nodiscard]] std::vector<StageTime> times() const;

  /// The one that lives, or nullptr.
  [[nodiscard]] static StageRecorder* active() noexcept { return active_.load(std::memory_order_relaxed); }
  void add(const StageWork& work, double seconds);

 private:
  static std::atomic<StageRecorder*> active_;
  mutable std::mutex mutex_;
  std::map<std::pair<FrameStage, int>, StageTime> times_;
};

/// Times the scope that it lives in.
class StageScope {
 public:
  /// describe  gives the StageWork; called only if somebody listens
  template <typename Describe>
  explicit StageScope(const Describe& describe) : recorder_(StageRecorder::active()) {
    if (recorder_ == nullptr) return;
    work_ = describe();
    start_ = std::chrono::steady_clock::now();
  }
  explicit StageScope(FrameStage stage) : StageScope([stage] { return StageWork{.stage = stage}; }) {}
  ~StageScope() {
    if (recorder_ != nullptr) finish();
  }
  StageScope(const StageScope&) = delete;
  StageScope& operator=(const StageScope&) = delete;

 private:
  void finish() noexcept;

  StageRecorder* recorder_;
  StageWork work_;
  std::chrono::steady_clock::time_point start_;
};

}  // namespace rdenoise

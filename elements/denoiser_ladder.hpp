// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <gst/gst.h>

#include <optional>
#include <rdenoise/denoise.hpp>
#include <rdenoise/preset.hpp>
#include <string>
#include <vector>

#include "quality_governor.hpp"

namespace rdenoise::gst {

/// What a ladder is made from: it lives until one of these changes.
struct LadderRequest {
  std::string model;  ///< empty: by preset and format
  Preset preset = Preset::none;
  const PixelFormat* format = nullptr;
  Precision precision = Precision::automatic;
  int tile_size_px = 0;
  int n_threads = 0;
  bool stabilise_variance = false;
  bool operator==(const LadderRequest&) const = default;
};

/// The networks that may denoise a stream: the one asked for, then those of the cheaper presets, if a preset was asked
/// for. One is in use. Each keeps its own working memory once it is prepared, so that a change costs no frame its time.
class DenoiserLadder {
 public:
  struct Level {
    Preset preset = Preset::none;  ///< none: a named model, or the default one
    std::string model_name;
  };

  /// Loads level 0 alone. Says on the element's bus and log what else was expected of the request.
  /// throws  Error, as load_model and Denoiser do
  DenoiserLadder(GstElement* element, const LadderRequest& request);

  [[nodiscard]] const LadderRequest& request() const noexcept { return request_; }
  /// The other levels, too. One that cannot be loaded is left out, with a warning in the log.
  void load_cheaper(GstElement* element);
  /// Makes every loaded level ready for frames like this one.
  void prepare(const ConstFrameView& frame);
  void set_strength(double strength);

  [[nodiscard]] int level_count() const noexcept { return static_cast<int>(levels_.size()); }
  [[nodiscard]] const Level& level(int index) const { return levels_[static_cast<std::size_t>(index)]; }
  /// index  of a loaded level
  void use(int index) noexcept { current_ = static_cast<std::size_t>(index); }
  [[nodiscard]] const Level& current_level() const { return levels_[current_]; }
  [[nodiscard]] Denoiser& current() { return *denoisers_[current_]; }

 private:
  [[nodiscard]] DenoiseOptions options() const;

  LadderRequest request_;
  std::vector<Level> levels_;
  std::vector<std::optional<Denoiser>> denoisers_;  ///< by level
  std::size_t current_ = 0;
};

/// The element message rdenoise-quality for a change between two levels.
[[nodiscard]] GstStructure* make_quality_news(const DenoiserLadder& ladder, const QualityChange& change,
                                              GstClockTime timestamp);

}  // namespace rdenoise::gst

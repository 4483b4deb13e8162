// SPDX-License-Identifier: LGPL-2.1-or-later
// The denoiser: frame → noise map → tiles → network → frame.
#pragma once

#include <memory>
#include <rdenoise/image.hpp>
#include <rdenoise/model.hpp>
#include <rdenoise/noise.hpp>
#include <rdenoise/noise_share.hpp>
#include <rdenoise/picture_class.hpp>
#include <rdenoise/tiles.hpp>
#include <string>

namespace rdenoise {

/// How a frame is cut into tiles; see TilePlan.
enum class TileSchedule {
  automatic,    ///< the one of least cost
  overlapping,  ///< each tile by itself, with a halo
  skewed,       ///< tiles hand on their borders, wherever the network is a chain that allows it
  lockstep      ///< all tiles at the same time, layer by layer, wherever the network is such a chain
};

struct DenoiseOptions {
  double strength = 1.0;  ///< multiplies σ; 0 copies the frame bit by bit
  Precision precision = Precision::automatic;
  int tile_size_px = 0;  ///< edge of a tile's core in the frame; 0: chosen
  int n_threads = 0;     ///< 0: all cores
  TileSchedule schedule = TileSchedule::automatic;
  /// The network sees noise of one strength everywhere: each channel goes through VarianceStabiliser, black to white on
  /// 0 to 1, and back without bias. For models trained on white noise alone, and for blind ones.
  bool stabilise_variance = false;
  /// Which weights of a class-aware model: "auto" (its classifier looks at each picture, and where no class is likely
  /// enough the class-agnostic ones are used), "none" (the class-agnostic ones) or the name of a class. Models without
  /// classes know auto and none only.
  std::string picture_class = "auto";
};

/// The class that a picture was denoised as.
struct PictureClass {
  std::string name = "none";         ///< "none": with the class-agnostic weights
  std::optional<double> confidence;  ///< probability of the likeliest class, if the classifier looked at the picture
  bool operator==(const PictureClass&) const = default;
};

/// Which model a frame is denoised with if the user names none: ffdnet-gray for gray and yuv, ffdnet-color for rgb,
/// ffdnet-bayer for bayer.
[[nodiscard]] std::string_view default_model_name(ColorModel model) noexcept;

/// True if `model` can denoise `frame`: gray models take any (channel by channel), rgb models rgb, bayer models bayer,
/// yuv420 models yuv with chroma of half the size (rounded up). Pixels are not looked at.
[[nodiscard]] bool accepts(const NetworkSpec& model, const ConstFrameView& frame) noexcept;

/// Denoises frames of any size with one model. Buffers, plans and prepared networks are kept from frame to frame: after
/// the first frame of a size, nothing is allocated but oneDNN's short-lived argument lists, who is at which tile, and a
/// classifier's few numbers. Of a class-aware model each set of weights is brought into the executor's order at its
/// first use and kept; the working memory is that of one set, and made anew for the frame that changes to another.
/// threads  one frame at a time
class Denoiser {
 public:
  /// throws  Error{invalid_argument} for an option out of range, a class that the model has no weights for, or a model
  ///         that does not denoise
  Denoiser(Model model, const DenoiseOptions& options);
  ~Denoiser();
  Denoiser(Denoiser&&) noexcept;
  Denoiser& operator=(Denoiser&&) noexcept;

  [[nodiscard]] const Model& model() const noexcept;
  [[nodiscard]] Precision precision() const noexcept;

  /// May be changed between frames; n_threads, precision and tile_size_px need a new Denoiser.
  void set_strength(double strength);
  /// As DenoiseOptions::picture_class; may be changed between frames.
  /// throws  Error{invalid_argument} for a class that the model has no weights for; the old one then stays
  void set_picture_class(std::string_view word);

  /// What the model's classifier says, whatever weights are in use: for a PictureClassTracker, whose choice is handed
  /// to set_picture_class. Nothing without a classifier, and where PictureClassifier gives nothing.
  [[nodiscard]] std::optional<ClassProbabilities> classify(const ConstFrameView& frame);
  /// What denoise() would take the frame for; nothing for models without classes.
  [[nodiscard]] std::optional<PictureClass> choose_picture_class(const ConstFrameView& frame);
  /// Of the last frame; nothing before the first, and for models without classes.
  [[nodiscard]] const std::optional<PictureClass>& picture_class() const noexcept;

  /// Makes everything ready that denoise() needs for frames of this format and size, so that the first one takes no
  /// longer than the next. Pixels are not looked at.
  /// throws  Error{invalid_argument} if the model does not accept the frame
  void prepare(const ConstFrameView& frame);

  /// src and dst: same colour model and size; may not overlap. Sample formats may differ.
  /// The network's input is the normalised signal, unclipped; its σ map is strength·√(a·max(x, 0) + b) of the noisy
  /// signal x, averaged in variance over what one map pixel covers. Blind networks ignore the profile. A yuv420 network
  /// sees luma and chroma together, in cells of 2×2 luma pixels.
  /// With stabilise_variance the input is the stabilised signal, and the map the strength of its white noise.
  ///
  /// noise_share  how much of σ is left in each cell of src, which multiplies the map; null: all of it
  /// throws  Error{invalid_argument} if the model does not accept the frame, or src and dst differ
  void denoise(const ConstFrameView& src, const FrameView& dst, const NoiseProfile& noise,
               const NoiseShare* noise_share = nullptr);

  /// The tile plan for one channel (or for all, if the network takes all at once) of a frame of this size, in pixels of
  /// the network's picture: for yuv420 networks these are cells of 2×2.
  [[nodiscard]] TilePlan plan(int width_px, int height_px) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace rdenoise

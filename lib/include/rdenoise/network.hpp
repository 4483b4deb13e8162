// SPDX-License-Identifier: LGPL-2.1-or-later
// Networks as data. One description is read by the executors, the trainer, the importer and the cost figures.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace rdenoise {

enum class LayerKind {
  image_input,      ///< [channels, h, w]: the noisy picture
  noise_map_input,  ///< [channels, h / factor, w / factor]: σ in normalised signal
  convolution,      ///< zero padding to [h / factor, w / factor]; weights name.weight [out, in, k, k], name.bias [out]
  transposed_convolution,  ///< to [h · factor, w · factor]; weights name.weight [in, out, k, k], name.bias [out]
  batch_norm,              ///< name.weight, name.bias, name.running_mean, name.running_var; folded before inference
  batch_scale,  ///< x·γ/(√var + ε); name.weight (γ), name.running_var; folded before inference. BFBatchNorm of Mohan
                ///< et al. 2020: shifts nothing, so the network stays homogeneous
  relu,
  average_pool,      ///< mean of cells of factor × factor
  max_pool,          ///< largest of cells of factor × factor
  upsample_nearest,  ///< each pixel becomes a cell of factor × factor
  pixel_unshuffle,   ///< [c, h, w] → [c·f², h/f, w/f]; channel order c·f² + dy·f + dx, as PyTorch
  pixel_shuffle,     ///< the inverse
  concatenate,       ///< along channels, in order of inputs
  add,               ///< inputs[0] + inputs[1]
  subtract,          ///< inputs[0] − inputs[1]
  noise_estimate     ///< inputs[0], the network's own σ map, times the strength of the run; at most one in a network
};

[[nodiscard]] std::string_view to_string(LayerKind kind) noexcept;

/// One layer. Layers stand in the order of computation; inputs are indices of earlier layers.
struct Layer {
  LayerKind kind = LayerKind::relu;
  std::string name;         ///< state-dict prefix ("model.0") for layers with weights, else empty
  std::vector<int> inputs;  ///< indices into NetworkSpec::layers
  int out_channels = 0;
  int kernel = 1;    ///< convolutions: kernel width and height [px of the larger side]
  int dilation = 1;  ///< convolution
  bool bias = true;  ///< convolutions
  int factor = 1;    ///< shuffles: f; convolutions: stride; pools, upsampling; noise_map_input: how much smaller than
                     ///< the image
  double epsilon = 1e-5;  ///< batch norm and batch scale: ε; PyTorch's default
  bool operator==(const Layer&) const = default;
};

/// Rows and columns of zeros before the first: (kernel − factor + 1)/2, dilated; so that sizes divide or multiply by
/// factor exactly.
[[nodiscard]] int padding_px(const Layer& layer) noexcept;

/// What the planes of a network's picture are.
enum class InputDomain {
  gray,
  rgb,
  bayer,  ///< the mosaic, one plane
  yuv420  ///< 4:2:0 video as six planes of half its size: the phases of luma, row by row (Y00 Y01 Y10 Y11), then U, V
};
inline constexpr std::array input_domains{InputDomain::gray, InputDomain::rgb, InputDomain::bayer, InputDomain::yuv420};

[[nodiscard]] std::string_view to_string(InputDomain domain) noexcept;

/// Channels of image_input.
[[nodiscard]] constexpr int image_channels_of(InputDomain domain) noexcept {
  return domain == InputDomain::yuv420 ? 6 : domain == InputDomain::rgb ? 3 : 1;
}

/// One pixel of a network's picture stands for a cell of this edge in the frame: 2 for yuv420, else 1.
[[nodiscard]] constexpr int cell_edge_px(InputDomain domain) noexcept { return domain == InputDomain::yuv420 ? 2 : 1; }

/// What a network folder says about itself, and what an architecture builds its layers from.
struct NetworkParams {
  std::string network;  ///< registry name, "ffdnet"
  InputDomain input = InputDomain::gray;
  int image_channels = 1;  ///< channels of image_input: gray 1, rgb 3, bayer 1, yuv420 6
  int depth = 0;           ///< number of convolutions
  int width = 0;           ///< channels between them
  bool batch_norm = false;
  bool bias = true;                  ///< false: bias-free, so that the network scales with its input
  bool residual = false;             ///< the last convolution predicts the noise; the picture is input − it
  std::string variant;               ///< which form, where an architecture was published in several
  double batch_norm_epsilon = 1e-5;  ///< ε of the batch norm it was trained with
  std::vector<std::string> classes;  ///< that a classifier tells apart, in the order of its planes; empty: it denoises
  bool operator==(const NetworkParams&) const = default;
};

/// A network described as data. The last layer is the output: [image_channels, h, w], the clean picture; of a
/// classifier a plane for each class, smaller than the picture, whose mean is the score of the class.
struct NetworkSpec {
  NetworkParams params;
  std::vector<Layer> layers;
  bool operator==(const NetworkSpec&) const = default;

  [[nodiscard]] bool is_classifier() const noexcept { return !params.classes.empty(); }
  [[nodiscard]] bool has_noise_map() const noexcept;
  /// The noise map's layer; nullptr if blind.
  [[nodiscard]] const Layer* noise_map_layer() const noexcept;
  /// Index of the layer that estimates the noise; −1 if the network does not.
  [[nodiscard]] int noise_estimate_index() const noexcept;
};

/// Tensor names with their shapes, as found in a weights file.
using TensorShapes = std::map<std::string, std::vector<std::int64_t>, std::less<>>;

/// An architecture of the registry.
struct Architecture {
  std::string_view name;         ///< "ffdnet"
  std::string_view description;  ///< one line with the paper
  NetworkSpec (*build)(const NetworkParams& params);
  /// The parameters that a plain state dict of this architecture shows in its tensor names and shapes;
  /// false if the tensors are not of this architecture.
  bool (*recognise)(const TensorShapes& tensors, NetworkParams& params);
  std::span<const NetworkParams>
      examples;  ///< the variants that every generic test runs over; the first is the paper's
};

[[nodiscard]] std::span<const Architecture> architectures() noexcept;
/// throws  Error{not_found} naming the known ones
[[nodiscard]] const Architecture& find_architecture(std::string_view name);

/// Builds the description.  throws  Error{invalid_argument|not_found}
[[nodiscard]] NetworkSpec build_network(const NetworkParams& params);

// ---- figures that follow from the description ----------------------------------------------------------------------
// Pixels are those of the network's picture, h × w of image_input, unless the frame's are meant: see cell_edge_px.

/// How far, in pixels of the input picture, an output pixel sees to each side (square kernels: same in x and y).
/// Computed by walking the layers; a cell of an unshuffle, stride or pool counts whole.
[[nodiscard]] int receptive_radius_px(const NetworkSpec& spec);

/// Positions and sizes of tiles must be multiples of this: the product of nested unshuffles, strides and pools.
[[nodiscard]] int alignment_px(const NetworkSpec& spec);

/// The smallest multiple of alignment_px that is ≥ receptive_radius_px.
[[nodiscard]] int halo_px(const NetworkSpec& spec);

/// Multiply-accumulates per pixel of the frame (direct algorithm): a yuv420 network runs once for four of them.
[[nodiscard]] double macs_per_px(const NetworkSpec& spec);

/// Learnt numbers; running averages do not count.
[[nodiscard]] std::int64_t parameter_count(const NetworkSpec& spec);

/// Bytes of the layers' f32 results that must be kept at the same time, per pixel of the picture, at their
/// peak.
[[nodiscard]] double activation_bytes_per_px(const NetworkSpec& spec);

/// Channels that each layer puts out, and the factor by which it is smaller than the picture.
struct LayerShape {
  int channels;
  int downscale;
};
/// throws  Error{invalid_argument} if the wiring is wrong (unknown input, channels that do not fit, …)
[[nodiscard]] std::vector<LayerShape> layer_shapes(const NetworkSpec& spec);

// ---- weights -------------------------------------------------------------------------------------------------------

/// A dense float tensor, row-major.
struct Tensor {
  std::vector<std::int64_t> shape;
  std::vector<float> values;
};

/// State dict: tensors by name, plus the file's string metadata.
struct Weights {
  std::map<std::string, Tensor, std::less<>> tensors;
  std::map<std::string, std::string, std::less<>> metadata;
};

/// The tensors that a description needs.
[[nodiscard]] TensorShapes needed_tensors(const NetworkSpec& spec);

/// "[64, 1, 3, 3]"
[[nodiscard]] std::string shape_text(const std::vector<std::int64_t>& shape);

/// Checks that every tensor the description needs is there with the right shape, finite, and none is left over.
/// shown_name  how the file calls a tensor, where its names were translated
/// throws  Error{corrupt} naming the tensor, expected and found
void check_weights(const NetworkSpec& spec, const Weights& weights,
                   const std::function<std::string(const std::string& name)>& shown_name = {});

/// The same network without batch norm and batch scale: both moved into the convolution before them.
/// w' = w·γ/√(var + ε), b' = (b − mean)·γ/√(var + ε) + β (Ioffe and Szegedy 2015); w' = w·γ/(√var + ε) and no bias
/// (Mohan et al. 2020).
struct FoldedNetwork {
  NetworkSpec spec;
  Weights weights;
};
[[nodiscard]] FoldedNetwork fold_batch_norm(const NetworkSpec& spec, const Weights& weights);

/// The layers whose result is an estimate of the clean picture, first to last: sums and differences of the image's
/// shape, and the output. Most networks have one; class-aware networks one for each layer; classifiers none.
[[nodiscard]] std::vector<int> picture_estimates(const NetworkSpec& spec);

/// The part of a network that leads to one of its layers, as a network of its own: a look at what goes on inside, tiled
/// like any other. The layer's result must be of the image's shape.
/// throws  Error{invalid_argument} for a layer of another shape
[[nodiscard]] FoldedNetwork cut_at(const NetworkSpec& spec, const Weights& weights, int layer);

/// A convolution and the layer that holds its features: the relu after it, or itself if something else reads it.
struct Stage {
  int convolution = 0;
  int features = 0;
};
/// The stages of a network, first to last; of a network with batch norm unfolded, the convolutions alone.
[[nodiscard]] std::vector<Stage> convolution_stages(const NetworkSpec& spec);

// ---- execution -----------------------------------------------------------------------------------------------------

enum class Precision { automatic, f32, bf16, int8 };

/// throws  Error{invalid_argument} for other words than auto, f32, bf16, int8
[[nodiscard]] Precision parse_precision(std::string_view text);
[[nodiscard]] std::string_view to_string(Precision precision) noexcept;

/// [channels, height, width] float, dense.
template <typename T>
struct BasicTensorView {
  T* data = nullptr;
  int channels = 0;
  int height = 0;
  int width = 0;
  [[nodiscard]] T* row(int channel, int y) const noexcept {
    return data + (static_cast<std::size_t>(channel) * height + y) * width;
  }
};
using TensorView = BasicTensorView<float>;
using ConstTensorView = BasicTensorView<const float>;

/// What a layer has just computed, seen during a run; gone when the call that shows it returns.
class LayerResult {
 public:
  LayerResult(int layer, int channels, int height, int width)
      : layer_(layer), channels_(channels), height_(height), width_(width) {}
  virtual ~LayerResult() = default;

  [[nodiscard]] int layer() const noexcept { return layer_; }  ///< index into the layers the executor was made from
  [[nodiscard]] int channels() const noexcept { return channels_; }
  [[nodiscard]] int height() const noexcept { return height_; }
  [[nodiscard]] int width() const noexcept { return width_; }
  /// values.size() values of row y from x on; they lie inside the row.
  virtual void read_row(int channel, int y, int x, std::span<float> values) const = 0;

 private:
  int layer_;
  int channels_;
  int height_;
  int width_;
};
using LayerObserver = std::function<void(const LayerResult&)>;

/// A network made ready for one size, with memory of its own: one thread at a time. Fill the inputs, run, read.
class NetworkRun {
 public:
  virtual ~NetworkRun() = default;
  [[nodiscard]] virtual TensorView image() = 0;
  [[nodiscard]] virtual TensorView noise_map() = 0;  ///< data is nullptr if the network is blind
  /// What a network that estimates its noise multiplies the estimate by; others ignore it. 1 until set.
  virtual void set_strength(float /*strength*/) {}
  /// Where in a larger picture the next run's first column lies: sums may be rounded by that, so that a pixel comes out
  /// the same in every window. 0 until set.
  virtual void set_column(int /*x_px*/) {}
  virtual void run() = 0;  ///< single-threaded, allocates nothing
  /// The same, calling `observe` for each layer that the executor was told to watch, as soon as it is computed.
  virtual void run_observed(const LayerObserver& /*observe*/) { run(); }
  [[nodiscard]] virtual ConstTensorView output() const = 0;
  /// The σ map that the network estimated, strength included; data is nullptr if it does not estimate.
  [[nodiscard]] virtual ConstTensorView noise_estimate() const { return {}; }
  /// What this run holds for itself; the weights are the executor's.
  [[nodiscard]] virtual std::size_t memory_bytes() const { return 0; }
};

/// A network that is a chain of 3×3 convolutions between what reads the picture and what puts it out, so that it can be
/// tiled without overlap.
struct SkewedChain {
  int cell_px = 1;  ///< a pixel of the convolutions, in pixels of the picture
  int depth = 0;    ///< number of convolutions
};
struct SkewedGrid;
class SkewedNetwork;
struct LockstepCut;
class LockstepNetwork;

/// Holds the weights, shared by all its runs. prepare() is thread-safe.
class Executor {
 public:
  virtual ~Executor() = default;
  /// height, width: multiples of alignment_px.  throws  Error{invalid_argument|internal}
  [[nodiscard]] virtual std::unique_ptr<NetworkRun> prepare(int height_px, int width_px) const = 0;
  [[nodiscard]] virtual Precision precision() const noexcept = 0;  ///< the one in use, never automatic
  /// What all runs share: the weights, in each order that a run has asked for so far.
  [[nodiscard]] virtual std::size_t weights_bytes() const { return 0; }
  /// Time for a pixel of a window of this size, relative to the best size: 1 or more.
  /// in_turn    windows that a worker takes in turn, layer by layer, so that all of them must lie in its caches
  /// is_padded  true: of a run from prepare(), or of a band, which may compute a few pixels more; false: of a skewed
  ///            run
  [[nodiscard]] virtual double window_cost(int /*height_px*/, int /*width_px*/, int /*in_turn*/,
                                           bool /*is_padded*/) const {
    return 1.0;
  }
  /// Nothing if this executor can tile the network only with overlap.
  [[nodiscard]] virtual std::optional<SkewedChain> skewed_chain() const { return std::nullopt; }
  /// throws  Error{unsupported} without a chain, Error{internal}
  [[nodiscard]] virtual std::unique_ptr<SkewedNetwork> prepare_skewed(const SkewedGrid& grid) const;
  /// As prepare_skewed, for bands of a frame in lockstep.
  [[nodiscard]] virtual std::unique_ptr<LockstepNetwork> prepare_lockstep(const LockstepCut& cut) const;
};

/// The plain one: nested loops, obviously right, slow.  threads  safe
/// watched  as make_onednn_executor
[[nodiscard]] std::unique_ptr<Executor> make_plain_executor(const NetworkSpec& spec, const Weights& weights,
                                                            std::span<const int> watched = {});
/// The fast one, on oneDNN.  precision: automatic picks the fastest that is exact enough on this CPU.
///
/// watched  layers whose results run_observed shows: no inputs, and no batch norm in the network, which would be
/// folded.
///          Watching costs no memory; a convolution watched without its relu costs a pass over its result.
/// throws   Error{invalid_argument} for layers that cannot be watched; Error{corrupt|unsupported|internal}
[[nodiscard]] std::unique_ptr<Executor> make_onednn_executor(const NetworkSpec& spec, const Weights& weights,
                                                             Precision precision, std::span<const int> watched = {});
/// The instruction set oneDNN uses here, "avx512_core_bf16", and peak figures by it.
[[nodiscard]] std::string cpu_isa();

}  // namespace rdenoise

// SPDX-License-Identifier: LGPL-2.1-or-later
// Networks as data. One description is read by the executors, the trainer, the importer and the cost figures.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace rdenoise {

enum class LayerKind {
  image_input,      ///< [channels, h, w]: the noisy picture
  noise_map_input,  ///< [channels, h / factor, w / factor]: σ in normalised signal
  convolution,      ///< 'same' zero padding, stride 1; weights name.weight [out, in, k, k], name.bias [out]
  batch_norm,       ///< name.weight, name.bias, name.running_mean, name.running_var; folded before inference
  relu,
  pixel_unshuffle,  ///< [c, h, w] → [c·f², h/f, w/f]; channel order c·f² + dy·f + dx, as PyTorch
  pixel_shuffle,    ///< the inverse
  concatenate,      ///< along channels, in order of inputs
  add,              ///< inputs[0] + inputs[1]
  subtract          ///< inputs[0] − inputs[1]
};

[[nodiscard]] std::string_view to_string(LayerKind kind) noexcept;

/// One layer. Layers stand in the order of computation; inputs are indices of earlier layers.
struct Layer {
  LayerKind kind = LayerKind::relu;
  std::string name;         ///< state-dict prefix ("model.0") for layers with weights, else empty
  std::vector<int> inputs;  ///< indices into NetworkSpec::layers
  int out_channels = 0;
  int kernel = 1;     ///< convolution: kernel width and height [px of its own resolution]
  int dilation = 1;   ///< convolution
  bool bias = true;   ///< convolution
  int factor = 1;     ///< shuffles: f; noise_map_input: how much smaller than the image
  bool operator==(const Layer&) const = default;
};

enum class InputDomain { gray, rgb, bayer };

[[nodiscard]] std::string_view to_string(InputDomain domain) noexcept;

/// What a network folder says about itself, and what an architecture builds its layers from.
struct NetworkParams {
  std::string network;                        ///< registry name, "ffdnet"
  InputDomain input = InputDomain::gray;
  int image_channels = 1;                     ///< channels of image_input: gray 1, rgb 3, bayer 1 (the mosaic)
  int depth = 0;                              ///< number of convolutions
  int width = 0;                              ///< channels between them
  bool batch_norm = false;
  bool bias = true;                           ///< false: bias-free, so that the network scales with its input
  bool residual = false;                      ///< the last convolution predicts the noise; the picture is input − it
  bool operator==(const NetworkParams&) const = default;
};

/// A network described as data: the last layer is the output, [image_channels, h, w], the clean picture.
struct NetworkSpec {
  NetworkParams params;
  std::vector<Layer> layers;
  bool operator==(const NetworkSpec&) const = default;

  [[nodiscard]] bool has_noise_map() const noexcept;
  /// The noise map's layer; nullptr if blind.
  [[nodiscard]] const Layer* noise_map_layer() const noexcept;
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
  std::span<const NetworkParams> examples;  ///< the variants that every generic test runs over; the first is the paper's
};

[[nodiscard]] std::span<const Architecture> architectures() noexcept;
/// throws  Error{not_found} naming the known ones
[[nodiscard]] const Architecture& find_architecture(std::string_view name);

/// Builds the description.  throws  Error{invalid_argument|not_found}
[[nodiscard]] NetworkSpec build_network(const NetworkParams& params);

// ---- figures that follow from the description ----------------------------------------------------------------------

/// How far, in pixels of the input picture, an output pixel sees to each side (square kernels: same in x and y).
/// Computed by walking the layers; a shuffle group counts whole.
[[nodiscard]] int receptive_radius_px(const NetworkSpec& spec);

/// Positions and sizes of tiles must be multiples of this: the product of nested unshuffles.
[[nodiscard]] int alignment_px(const NetworkSpec& spec);

/// The smallest multiple of alignment_px that is ≥ receptive_radius_px.
[[nodiscard]] int halo_px(const NetworkSpec& spec);

/// Multiply-accumulates per pixel of the picture (direct algorithm).
[[nodiscard]] double macs_per_px(const NetworkSpec& spec);

[[nodiscard]] std::int64_t parameter_count(const NetworkSpec& spec);

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

/// Checks that every tensor the description needs is there with the right shape, finite, and none is left over.
/// throws  Error{corrupt} naming the tensor, expected and found
void check_weights(const NetworkSpec& spec, const Weights& weights);

/// The same network without batch norm: scale and shift moved into the convolution before it.
/// w' = w·γ/√(var + ε), b' = (b − mean)·γ/√(var + ε) + β, ε = 1e-5 (Ioffe and Szegedy 2015).
struct FoldedNetwork {
  NetworkSpec spec;
  Weights weights;
};
[[nodiscard]] FoldedNetwork fold_batch_norm(const NetworkSpec& spec, const Weights& weights);

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

/// A network made ready for one size, with memory of its own: one thread at a time. Fill the inputs, run, read.
class NetworkRun {
 public:
  virtual ~NetworkRun() = default;
  [[nodiscard]] virtual TensorView image() = 0;
  [[nodiscard]] virtual TensorView noise_map() = 0;  ///< data is nullptr if the network is blind
  virtual void run() = 0;                            ///< single-threaded, allocates nothing
  [[nodiscard]] virtual ConstTensorView output() const = 0;
};

/// Holds the weights, shared by all its runs. prepare() is thread-safe.
class Executor {
 public:
  virtual ~Executor() = default;
  /// height, width: multiples of alignment_px.  throws  Error{invalid_argument|internal}
  [[nodiscard]] virtual std::unique_ptr<NetworkRun> prepare(int height_px, int width_px) const = 0;
  [[nodiscard]] virtual Precision precision() const noexcept = 0;  ///< the one in use, never automatic
};

/// The plain one: nested loops, obviously right, slow.  threads  safe
[[nodiscard]] std::unique_ptr<Executor> make_plain_executor(const NetworkSpec& spec, const Weights& weights);
/// The fast one, on oneDNN.  precision: automatic picks the fastest that is exact enough on this CPU.
[[nodiscard]] std::unique_ptr<Executor> make_onednn_executor(const NetworkSpec& spec, const Weights& weights,
                                                             Precision precision);
/// The instruction set oneDNN uses here, "avx512_core_bf16", and peak figures by it.
[[nodiscard]] std::string cpu_isa();

}  // namespace rdenoise

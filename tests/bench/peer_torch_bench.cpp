// SPDX-License-Identifier: LGPL-2.1-or-later
// The same network with the same weights on the same frame: our denoiser against PyTorch's C++ library, which gets its
// best form (frozen TorchScript, optimised for inference, channels last, whole frame at once), in one process in turn.
//
//   peer_torch_bench [WIDTH HEIGHT [REPEATS [THREADS]]]
#include <ATen/Parallel.h>
#include <torch/script.h>

#include <cstdio>
#include <cstdlib>
#include <rdenoise/denoise.hpp>
#include <rdenoise/error.hpp>
#include <string>

#include "bench/clock.hpp"
#include "lib/network/random_weights.hpp"

namespace {

using namespace rdenoise;

constexpr double sigma_8bit = 25.0;

std::string text(int number) { return std::to_string(number); }

/// One line of TorchScript for each layer.
std::string script_of(const NetworkSpec& spec) {
  std::string script = "def forward(self, image, noise_map):\n";
  const auto value = [](int layer) { return "v" + text(layer); };
  for (int i = 0; i < static_cast<int>(spec.layers.size()); ++i) {
    const Layer& layer = spec.layers[static_cast<std::size_t>(i)];
    const auto input = [&](int k) { return value(layer.inputs[static_cast<std::size_t>(k)]); };
    const std::string pad = text(padding_px(layer));
    const std::string step = text(layer.factor);
    std::string expression;
    switch (layer.kind) {
      case LayerKind::image_input:
        expression = "image";
        break;
      case LayerKind::noise_map_input:
        expression = "noise_map";
        break;
      case LayerKind::convolution:
        expression = "torch.conv2d(" + input(0) + ", self.w" + text(i) + ", self.b" + text(i) + ", [" + step + ", " +
                     step + "], [" + pad + ", " + pad + "], [" + text(layer.dilation) + ", " + text(layer.dilation) +
                     "], 1)";
        break;
      case LayerKind::transposed_convolution:
        expression = "torch.conv_transpose2d(" + input(0) + ", self.w" + text(i) + ", self.b" + text(i) + ", [" + step +
                     ", " + step + "], [" + pad + ", " + pad + "])";
        break;
      case LayerKind::average_pool:
        expression = "torch.avg_pool2d(" + input(0) + ", [" + step + ", " + step + "])";
        break;
      case LayerKind::max_pool:
        expression = "torch.max_pool2d(" + input(0) + ", [" + step + ", " + step + "])";
        break;
      case LayerKind::upsample_nearest:
        expression = input(0) + ".repeat_interleave(" + step + ", 2).repeat_interleave(" + step + ", 3)";
        break;
      case LayerKind::noise_estimate:
        expression = input(0);
        break;
      case LayerKind::batch_norm:
      case LayerKind::batch_scale:
        throw rdenoise::Error(ErrorCode::invalid_argument,
                              "writing TorchScript: expected folded batch norm, found a layer of it");
      case LayerKind::relu:
        expression = "torch.relu(" + input(0) + ")";
        break;
      case LayerKind::pixel_unshuffle:
        expression = "torch.pixel_unshuffle(" + input(0) + ", " + text(layer.factor) + ")";
        break;
      case LayerKind::pixel_shuffle:
        expression = "torch.pixel_shuffle(" + input(0) + ", " + text(layer.factor) + ")";
        break;
      case LayerKind::concatenate:
        for (int k = 0; k < static_cast<int>(layer.inputs.size()); ++k) expression += (k ? ", " : "") + input(k);
        expression = "torch.cat([" + expression +
                     "], 1).contiguous(memory_format=" + text(static_cast<int>(torch::MemoryFormat::ChannelsLast)) +
                     ")";
        break;
      case LayerKind::add:
        expression = input(0) + " + " + input(1);
        break;
      case LayerKind::subtract:
        expression = input(0) + " - " + input(1);
        break;
    }
    script += "    " + value(i) + " = " + expression + "\n";
  }
  return script + "    return " + value(static_cast<int>(spec.layers.size()) - 1) + "\n";
}

torch::jit::Module torch_module(const NetworkSpec& spec, const Weights& weights) {
  torch::jit::Module module("network");
  for (std::size_t i = 0; i < spec.layers.size(); ++i) {
    const Layer& layer = spec.layers[i];
    if (layer.kind != LayerKind::convolution && layer.kind != LayerKind::transposed_convolution) continue;
    const Tensor& kernel = weights.tensors.find(layer.name + ".weight")->second;
    module.register_parameter("w" + std::to_string(i),
                              torch::from_blob(const_cast<float*>(kernel.values.data()), kernel.shape)
                                  .clone()
                                  .contiguous(torch::MemoryFormat::ChannelsLast),
                              false);
    torch::Tensor bias = torch::zeros({layer.out_channels});
    if (layer.bias) bias = torch::tensor(weights.tensors.find(layer.name + ".bias")->second.values);
    module.register_parameter("b" + std::to_string(i), bias, false);
  }
  module.define(script_of(spec));
  module.eval();
  module = torch::jit::freeze(module);
  return torch::jit::optimize_for_inference(module);
}

void report(const char* name, const std::vector<bench::Sample>& samples, double gflop) {
  const bench::Sample best = bench::best(samples);
  std::printf("%-12s median %8.1f ms  best %8.1f ms  cpu %8.1f ms  %6.1f GFLOP/s (best)\n", name,
              bench::median_wall_s(samples) * 1e3, best.wall_s * 1e3, best.cpu_s * 1e3, gflop / best.wall_s);
}

int compare(int width_px, int height_px, int repeats, int n_threads) {
  const NetworkSpec spec = build_network(find_architecture("ffdnet").examples.front());
  const Weights weights = test::random_weights(spec, 1);
  Image noisy(ColorModel::gray, width_px, height_px);
  for (std::size_t i = 0; i < noisy.samples().size(); ++i)
    noisy.samples()[i] = static_cast<float>(i * 2654435761u % 1024) / 1024.0f;
  Image clean(ColorModel::gray, width_px, height_px);

  Denoiser denoiser({"ffdnet-gray", {}, spec, weights}, {.n_threads = n_threads});
  const NoiseProfile noise = uniform_profile(ColorModel::gray, NoiseModel::gaussian(sigma_8bit));

  const torch::InferenceMode inference;
  at::set_num_threads(n_threads);
  torch::jit::Module module = torch_module(spec, weights);
  const std::vector<torch::jit::IValue> inputs{torch::from_blob(noisy.samples().data(), {1, 1, height_px, width_px}),
                                               torch::full({1, 1, height_px / 2, width_px / 2}, sigma_8bit / 255.0)};
  torch::Tensor torch_clean;

  std::vector<bench::Sample> ours;
  std::vector<bench::Sample> theirs;
  constexpr int warm_ups = 2;  // TorchScript compiles in its first two calls
  for (int i = 0; i < warm_ups + repeats; ++i) {
    const auto our_time = bench::timed([&] { denoiser.denoise(noisy.view(), clean.view(), noise); });
    const auto their_time = bench::timed([&] { torch_clean = module.forward(inputs).toTensor(); });
    if (i < warm_ups) continue;
    ours.push_back(our_time);
    theirs.push_back(their_time);
  }

  const torch::Tensor our_clean = torch::from_blob(clean.samples().data(), {1, 1, height_px, width_px});
  const double scale = torch_clean.abs().max().item<double>();
  const double difference = (our_clean - torch_clean).abs().max().item<double>();
  const double gflop = 2e-9 * macs_per_px(spec) * width_px * height_px;
  const double halo = denoiser.plan(width_px, height_px).halo_overhead();
  std::printf("%dx%d, %d threads, %.1f GFLOP a frame, %s, our halo %.1f %%\n", width_px, height_px, n_threads, gflop,
              cpu_isa().c_str(), 100 * halo);
  report("rdenoise", ours, gflop);
  report("PyTorch", theirs, gflop);
  std::printf("PyTorch / rdenoise: %.2f in wall time (medians), %.2f in cpu time (best)\n",
              bench::median_wall_s(theirs) / bench::median_wall_s(ours),
              bench::best(theirs).cpu_s / bench::best(ours).cpu_s);
  std::printf("largest difference of the results: %.2g of %.2g\n", difference, scale);
  return difference < 1e-4 * scale ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  const auto argument = [&](int i, int otherwise) { return argc > i ? std::atoi(argv[i]) : otherwise; };
  try {
    return compare(argument(1, 1920), argument(2, 1080), argument(3, 5), argument(4, 2));
  } catch (const std::exception& e) {
    std::fprintf(stderr, "%s\n", e.what());
    return 1;
  }
}

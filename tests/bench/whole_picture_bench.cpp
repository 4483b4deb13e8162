// SPDX-License-Identifier: LGPL-2.1-or-later
// The denoiser against bare oneDNN: the same convolutions over the whole picture at once, no tiles, no gathering, all
// cores on one primitive; f32, Winograd by name, the faster of its two implementations for each layer. Rounds
// alternate, medians are compared. Prints CSV.
//
//   whole_picture_bench [WIDTHxHEIGHT [rounds [threads]]]
#include <omp.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <oneapi/dnnl/dnnl.hpp>
#include <rdenoise/denoise.hpp>
#include <rdenoise/error.hpp>
#include <rdenoise/parallel.hpp>
#include <vector>

#include "lib/network/random_weights.hpp"
#include "network/onednn_arena.hpp"

namespace {

using namespace rdenoise;
using Clock = std::chrono::steady_clock;

double ms_since(Clock::time_point start) {
  return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

double median(std::vector<double> values) {
  std::ranges::sort(values);
  return values[values.size() / 2];
}

/// A convolution over the whole picture.
class WholeLayer {
 public:
  WholeLayer(const dnnl::engine& engine, int in, int out, int height, int width) {
    using Tag = dnnl::memory::format_tag;
    const auto picture = [&](int channels, Tag tag) {
      return dnnl::memory::desc({1, channels, height, width}, dnnl::memory::data_type::f32, tag);
    };
    const dnnl::memory::desc weights({out, in, 3, 3}, dnnl::memory::data_type::f32, Tag::any);
    const dnnl::memory::desc bias({out}, dnnl::memory::data_type::f32, Tag::x);
    const bool winograd = in % 16 == 0 && out % 16 == 0;
    dnnl::post_ops relu;
    relu.append_eltwise(1.0F, dnnl::algorithm::eltwise_relu, 0.0F, 0.0F);
    dnnl::primitive_attr attributes;
    attributes.set_post_ops(relu);
    const auto describe = [&](dnnl::algorithm algorithm, Tag src, Tag dst) {
      return dnnl::convolution_forward::desc(dnnl::prop_kind::forward_inference, algorithm, picture(in, src), weights,
                                             bias, picture(out, dst), {1, 1}, {1, 1}, {1, 1});
    };
    if (winograd) {
      const auto desc = describe(dnnl::algorithm::convolution_winograd, Tag::nChw16c, Tag::nChw16c);
      dnnl::convolution_forward::primitive_desc found(desc, attributes, engine, true);
      while (found) {
        add(engine, found);
        if (!found.next_impl() || candidates_.size() == 2) break;
      }
    }
    if (!candidates_.empty()) return;
    const auto desc = describe(dnnl::algorithm::convolution_direct, in % 16 == 0 ? Tag::nChw16c : Tag::nchw,
                               out % 16 == 0 ? Tag::nChw16c : Tag::any);
    add(engine, dnnl::convolution_forward::primitive_desc(desc, attributes, engine));
  }

  void run(dnnl::stream& stream, float* src, float* dst) {
    if (candidates_.size() > 1) keep_faster(stream, src, dst);
    candidates_.front().run(stream, src, dst);
  }

 private:
  struct Candidate {
    dnnl::convolution_forward::primitive_desc desc;
    dnnl::convolution_forward primitive;
    dnnl::memory weights;
    dnnl::memory bias;
    dnnl::engine engine;

    void run(dnnl::stream& stream, float* src, float* dst) const {
      primitive.execute(stream, {{DNNL_ARG_SRC, {desc.src_desc(), engine, src}},
                                 {DNNL_ARG_WEIGHTS, weights},
                                 {DNNL_ARG_BIAS, bias},
                                 {DNNL_ARG_DST, {desc.dst_desc(), engine, dst}}});
    }
  };

  void add(const dnnl::engine& engine, const dnnl::convolution_forward::primitive_desc& desc) {
    Candidate candidate{
        desc, dnnl::convolution_forward(desc), {desc.weights_desc(), engine}, {desc.bias_desc(), engine}, engine};
    // The time of a convolution does not depend on its numbers, as long as none is denormal.
    std::fill_n(static_cast<float*>(candidate.weights.get_data_handle()), desc.weights_desc().get_size() / 4, 1e-3F);
    std::fill_n(static_cast<float*>(candidate.bias.get_data_handle()), desc.bias_desc().get_size() / 4, 1e-3F);
    candidates_.push_back(std::move(candidate));
  }

  void keep_faster(dnnl::stream& stream, float* src, float* dst) {
    std::vector<double> times;
    for (const Candidate& candidate : candidates_) {
      candidate.run(stream, src, dst);
      const auto start = Clock::now();
      candidate.run(stream, src, dst);
      times.push_back(ms_since(start));
    }
    candidates_ = {candidates_[static_cast<std::size_t>(std::ranges::min_element(times) - times.begin())]};
  }

  std::vector<Candidate> candidates_;
};

class WholePicture {
 public:
  WholePicture(const NetworkSpec& spec, int width_px, int height_px, int n_threads) : stream_(engine_) {
    omp_set_num_threads(n_threads);
    // A trap of oneDNN 2.6: its cache hands out the first implementation that was made of a convolution.
    dnnl::set_primitive_cache_capacity(0);
    const std::vector<LayerShape> shapes = layer_shapes(spec);
    std::size_t most = 0;
    for (std::size_t i = 0; i < spec.layers.size(); ++i) {
      if (spec.layers[i].kind != LayerKind::convolution) continue;
      const int in = shapes[static_cast<std::size_t>(spec.layers[i].inputs[0])].channels;
      const int scale = shapes[i].downscale;
      layers_.emplace_back(engine_, in, shapes[i].channels, height_px / scale, width_px / scale);
      const std::size_t padded = (static_cast<std::size_t>(std::max(in, shapes[i].channels)) + 15) / 16 * 16;
      most = std::max(most, padded * (height_px / scale) * (width_px / scale));
    }
    dnnl::set_primitive_cache_capacity(1024);
    for (auto* values : {&from_, &to_}) {
      *values = onednn::make_arena(most * sizeof(float));
      std::fill_n(reinterpret_cast<float*>(values->get()), most, 0.5F);
    }
    run();
  }

  double run() {
    const auto start = Clock::now();
    for (WholeLayer& layer : layers_) {
      layer.run(stream_, reinterpret_cast<float*>(from_.get()), reinterpret_cast<float*>(to_.get()));
      std::swap(from_, to_);
    }
    stream_.wait();
    return ms_since(start);
  }

 private:
  dnnl::engine engine_{dnnl::engine::kind::cpu, 0};
  dnnl::stream stream_;
  std::vector<WholeLayer> layers_;
  onednn::Arena from_;
  onednn::Arena to_;
};

void compare(const NetworkParams& params, int width_px, int height_px, int rounds, int n_threads) {
  Model model;
  model.name = params.network;
  model.spec = build_network(params);
  model.weights = test::random_weights(model.spec, 1);
  const NetworkSpec spec = model.spec;
  DenoiseOptions options;
  options.precision = Precision::f32;
  options.n_threads = n_threads;
  Denoiser denoiser(std::move(model), options);
  const ColorModel color = params.input == InputDomain::rgb ? ColorModel::rgb : ColorModel::gray;
  Image src(color, width_px, height_px);
  std::ranges::fill(src.samples(), 0.5F);
  Image dst = src;
  const NoiseProfile noise = uniform_profile(color, NoiseModel::gaussian(25.0));
  const auto denoise = [&] {
    const auto start = Clock::now();
    denoiser.denoise(src.view(), dst.view(), noise);
    return ms_since(start);
  };
  denoise();
  WholePicture whole(spec, width_px, height_px, n_threads);
  std::vector<double> ours;
  std::vector<double> bare;
  for (int i = 0; i < rounds; ++i) {
    ours.push_back(denoise());
    bare.push_back(whole.run());
  }
  const TilePlan plan = denoiser.plan(width_px, height_px);
  std::printf("%s-%s,%dx%d,%d,%.1f,%.1f,%.3f,%dx%d,%dx%d,%d,%.3f\n", params.network.c_str(),
              std::string(to_string(params.input)).c_str(), width_px, height_px, n_threads, median(ours), median(bare),
              median(bare) / median(ours), plan.window_width_px, plan.window_height_px, plan.columns, plan.rows,
              plan.skew_px, plan.halo_overhead());
  std::fflush(stdout);
}

}  // namespace

int main(int argc, char** argv) {
  int width_px = 512;
  int height_px = 512;
  if (argc > 1 && std::sscanf(argv[1], "%dx%d", &width_px, &height_px) != 2) return 2;
  const int rounds = argc > 2 ? std::atoi(argv[2]) : 5;
  const int n_threads = argc > 3 ? std::atoi(argv[3]) : available_cores();
  try {
    std::printf("network,size,threads,ours_ms,bare_ms,speed_against_bare,window,tiles,skew_px,halo_overhead\n");
    const NetworkParams ffdnet{
        .network = "ffdnet", .input = InputDomain::gray, .image_channels = 1, .depth = 15, .width = 64};
    compare(ffdnet, width_px, height_px, rounds, n_threads);
    compare({.network = "ffdnet", .input = InputDomain::rgb, .image_channels = 3, .depth = 12, .width = 96}, width_px,
            height_px, rounds, n_threads);
    compare({.network = "dncnn", .image_channels = 1, .depth = 17, .width = 64, .residual = true}, width_px, height_px,
            rounds, n_threads);
    return 0;
  } catch (const Error& e) {
    std::fprintf(stderr, "%s\n", e.what());
    return 1;
  }
}

// SPDX-License-Identifier: LGPL-2.1-or-later
#include "denoise/frame_denoiser.hpp"

#include <algorithm>
#include <cmath>
#include <rdenoise/error.hpp>

#include "denoise/copy_frame.hpp"
#include "denoise/window_limit.hpp"

namespace rdenoise {
namespace {

int divided_up(int value, int divisor) { return value / divisor + (value % divisor != 0 ? 1 : 0); }

std::string size_text(int width_px, int height_px) {
  return std::to_string(width_px) + "x" + std::to_string(height_px);
}

template <typename Byte>
std::string frame_text(const BasicFrameView<Byte>& frame) {
  std::string text = std::string(to_string(frame.color_model)) + " " + size_text(frame.width_px, frame.height_px);
  if (frame.color_model == ColorModel::yuv && frame.channel_count == 3)
    text += " with chroma " + size_text(frame.channels[1].width_px, frame.channels[1].height_px);
  return text;
}

/// "I420, YV12, …"
std::string names_of_420_formats() {
  std::string names;
  for (const PixelFormat& format : pixel_formats()) {
    const ChannelLayout& chroma = format.channels[1];
    if (format.color_model != ColorModel::yuv || chroma.log2_subsampling_x != 1 || chroma.log2_subsampling_y != 1)
      continue;
    if (!names.empty()) names += ", ";
    names += format.name;
  }
  return names;
}

std::string accepted_text(const NetworkSpec& spec) {
  if (spec.params.input == InputDomain::yuv420) return "a yuv frame of 4:2:0 sampling (" + names_of_420_formats() + ")";
  if (spec.params.input == InputDomain::gray) return "a frame of any colour model";
  return "a frame of colour model " + std::string(to_string(spec.params.input));
}

bool same_layout(const ConstFrameView& a, const FrameView& b) {
  if (a.color_model != b.color_model || a.width_px != b.width_px || a.height_px != b.height_px ||
      a.channel_count != b.channel_count || (a.color_model == ColorModel::bayer && a.cfa != b.cfa))
    return false;
  for (int c = 0; c < a.channel_count; ++c)
    if (a.channels[c].width_px != b.channels[c].width_px || a.channels[c].height_px != b.channels[c].height_px)
      return false;
  return true;
}

std::int64_t all_windows_px(const TilePlan& plan) {
  return static_cast<std::int64_t>(plan.tiles.size()) * plan.window_width_px * plan.window_height_px;
}

}  // namespace

FrameDenoiser::FrameDenoiser(std::string model_name, NetworkSpec spec, std::shared_ptr<const Executor> executor,
                             const DenoiseOptions& options)
    : model_name_(std::move(model_name)),
      spec_(std::move(spec)),
      executor_(std::move(executor)),
      stabilise_variance_(options.stabilise_variance),
      tile_size_px_(options.tile_size_px),
      schedule_(options.schedule),
      alignment_px_(rdenoise::alignment_px(spec_)),
      halo_px_(rdenoise::halo_px(spec_)),
      workers_(options.n_threads) {
  if (tile_size_px_ < 0)
    throw Error(ErrorCode::invalid_argument,
                "making denoiser: expected a tile size of 0 (chosen) or more, found " + std::to_string(tile_size_px_));
  if (!can_fill_noise_map(spec_))
    throw Error(ErrorCode::unsupported,
                "making denoiser: expected a network with a noise map of 1 channel, or of 3 for yuv420, found " +
                    std::to_string(spec_.noise_map_layer()->out_channels) + " for " +
                    std::string(to_string(spec_.params.input)));
  set_strength(options.strength);
}

void FrameDenoiser::set_strength(double strength) {
  if (!std::isfinite(strength) || strength < 0.0)
    throw Error(ErrorCode::invalid_argument,
                "setting strength: expected a number of 0 or more, found " + std::to_string(strength));
  strength_ = strength;
}

void FrameDenoiser::set_executor(std::shared_ptr<const Executor> executor) {
  if (executor == executor_) return;
  prepared_.clear();
  executor_ = std::move(executor);
}

void FrameDenoiser::prepare(const ConstFrameView& frame) {
  NoiseProfile no_noise;
  no_noise.channel_count = profile_channel_count(frame.color_model);
  check_source(frame, no_noise);
  prepare_sizes(split_into_passes(spec_, alignment_px_, frame, {}, no_noise), Plans::any);
}

void FrameDenoiser::denoise(const ConstFrameView& src, const FrameView& dst, const NoiseProfile& noise,
                            const NoiseShare* noise_share) {
  check_source(src, noise);
  check_destination(src, dst);
  if (noise_share != nullptr) check_share(src, *noise_share);
  if (strength_ == 0.0) return copy_frame(src, dst);
  const auto denoise_tile = [](const FilledTile& filled) {
    filled.run.run();
    put_out(filled.pass, filled.stabiliser, filled.tile, filled.run.output(), filled.run.image(), filled.scratch);
  };
  const PassList passes = prepare_passes(src, dst, noise, Plans::any);
  for (int i = 0; i < passes.count; ++i) {
    const Pass& pass = passes.passes[i];
    PreparedSize& prepared = *find_prepared(pass.padding);
    const PassInputs inputs = inputs_of(pass, i, noise_share);
    if (prepared.skewed)
      prepared.skewed->run(prepared.plan, pass, inputs, workers_);
    else if (prepared.lockstep)
      prepared.lockstep->run(prepared.plan, pass, inputs, workers_);
    else
      run_pass(pass, prepared, inputs, denoise_tile);
  }
}

void FrameDenoiser::for_each_tile(const ConstFrameView& src, const FrameView& dst, const NoiseProfile& noise,
                                  const TileWork& work) {
  const PassList passes = prepare_passes(src, dst, noise, Plans::overlapping);
  for (int i = 0; i < passes.count; ++i) {
    const Pass& pass = passes.passes[i];
    run_pass(pass, *find_prepared(pass.padding), inputs_of(pass, i, nullptr), work);
  }
}

PassList FrameDenoiser::prepare_passes(const ConstFrameView& src, const FrameView& dst, const NoiseProfile& noise,
                                       Plans plans) {
  check_source(src, noise);
  const PassList passes = split_into_passes(spec_, alignment_px_, src, dst, noise);
  prepare_sizes(passes, plans);
  return passes;
}

PassInputs FrameDenoiser::inputs_of(const Pass& pass, int index, const NoiseShare* noise_share) {
  PassInputs inputs{pass.noise, nullptr, spec_.noise_map_layer(), strength_, noise_share};
  if (!stabilise_variance_) return inputs;
  PictureStabiliser& stabiliser = stabilisers_[static_cast<std::size_t>(index)];
  stabiliser.prepare(std::span(pass.noise).first(pass.src.plane_count));
  inputs.noise = stabiliser.stabilised_noise();
  inputs.stabiliser = &stabiliser;
  return inputs;
}

TilePlan FrameDenoiser::plan(int width_px, int height_px) const {
  const int cell = cell_edge_px(spec_.params.input);
  const Padding padding =
      spec_.params.input == InputDomain::bayer
          ? pad_mosaic(width_px, height_px, CfaPattern::rggb, alignment_px_)
          : pad_to_alignment(divided_up(width_px, cell), divided_up(height_px, cell), alignment_px_);
  return plan_padded(padding.padded_width_px, padding.padded_height_px, Plans::any);
}

void FrameDenoiser::refuse(const std::string& expected, const std::string& found) const {
  throw Error(ErrorCode::invalid_argument,
              "denoising with " + model_name_ + ": expected " + expected + ", found " + found);
}

void FrameDenoiser::check_source(const ConstFrameView& src, const NoiseProfile& noise) const {
  if (!accepts(spec_, src)) refuse(accepted_text(spec_), frame_text(src));
  if (src.width_px < 1 || src.height_px < 1) refuse("a frame of 1x1 px or more", frame_text(src));
  const int profile_channels = profile_channel_count(src.color_model);
  if ((spec_.has_noise_map() || stabilise_variance_) && noise.channel_count != profile_channels)
    refuse("a noise profile of " + std::to_string(profile_channels) + " channels for " +
               std::string(to_string(src.color_model)),
           std::to_string(noise.channel_count));
}

void FrameDenoiser::check_share(const ConstFrameView& src, const NoiseShare& share) const {
  const int width_cells = NoiseShare::cells_along(src.width_px);
  const int height_cells = NoiseShare::cells_along(src.height_px);
  if (share.width_cells != width_cells || share.height_cells != height_cells)
    refuse("shares of noise for " + size_text(width_cells, height_cells) + " cells",
           size_text(share.width_cells, share.height_cells));
}

void FrameDenoiser::check_destination(const ConstFrameView& src, const FrameView& dst) const {
  if (!same_layout(src, dst))
    refuse("source and destination alike (" + frame_text(src) + ")", "destination " + frame_text(dst));
}

TilePlan FrameDenoiser::plan_skewed(const SkewedChain& chain, int padded_width_px, int padded_height_px) const {
  SkewedTileRequest request;
  request.frame_width_px = padded_width_px;
  request.frame_height_px = padded_height_px;
  request.cell_px = chain.cell_px;
  request.depth = chain.depth;
  request.core_size_px = divided_up(tile_size_px_, cell_edge_px(spec_.params.input));
  request.n_threads = workers_.n_threads();
  request.max_window_px = max_skewed_window_px(spec_, workers_.n_threads());
  request.window_cost = [&](int height_px, int width_px, int in_turn) {
    return executor_->window_cost(height_px, width_px, in_turn, false);
  };
  return plan_skewed_tiles(request);
}

TilePlan FrameDenoiser::plan_lockstep(const SkewedChain& chain, int padded_width_px, int padded_height_px) const {
  LockstepRequest request;
  request.frame_width_px = padded_width_px;
  request.frame_height_px = padded_height_px;
  request.cell_px = chain.cell_px;
  request.depth = chain.depth;
  request.core_size_px = divided_up(tile_size_px_, cell_edge_px(spec_.params.input));
  request.n_threads = workers_.n_threads();
  request.window_cost = [&](int height_px, int width_px, int in_turn) {
    return executor_->window_cost(height_px, width_px, in_turn, true);
  };
  return rdenoise::plan_lockstep(request);
}

TilePlan FrameDenoiser::plan_padded(int padded_width_px, int padded_height_px, Plans plans) const {
  TileRequest request;
  request.frame_width_px = padded_width_px;
  request.frame_height_px = padded_height_px;
  request.halo_px = halo_px_;
  request.alignment_px = alignment_px_;
  request.core_size_px = divided_up(tile_size_px_, cell_edge_px(spec_.params.input));
  request.n_threads = workers_.n_threads();
  request.max_window_px = max_window_px(spec_, workers_.n_threads());
  TilePlan overlapping = plan_tiles(request);
  if (plans == Plans::overlapping) return overlapping;
  const auto chain = executor_->skewed_chain();
  if (schedule_ == TileSchedule::overlapping || !chain || !may_skew(spec_.params.input, *chain)) return overlapping;
  TilePlan skewed = plan_skewed(*chain, padded_width_px, padded_height_px);
  TilePlan lockstep = plan_lockstep(*chain, padded_width_px, padded_height_px);
  if (schedule_ == TileSchedule::skewed) return skewed.tiles.size() > 1 ? skewed : overlapping;
  if (schedule_ == TileSchedule::lockstep) return lockstep.tiles.size() > 1 ? lockstep : overlapping;
  const auto cost = [&](const TilePlan& plan) {
    const auto window_cost = [&](int height_px, int width_px, int in_turn) {
      return executor_->window_cost(height_px, width_px, in_turn, plan.skew_px == 0);
    };
    return plan_cost(plan, workers_.n_threads(), window_cost);
  };
  TilePlan best = std::move(overlapping);
  if (skewed.tiles.size() > 1 && cost(skewed) < cost(best)) best = std::move(skewed);
  // A wished edge of tiles is none of bands, which all lie in memory at the same time.
  const bool may_lockstep =
      tile_size_px_ == 0 && lockstep.tiles.size() > 1 && all_windows_px(lockstep) <= max_lockstep_px(spec_);
  if (may_lockstep && cost(lockstep) < cost(best)) best = std::move(lockstep);
  return best;
}

FrameDenoiser::PreparedSize* FrameDenoiser::find_prepared(const Padding& padding) {
  const auto found = std::ranges::find_if(prepared_, [&](const PreparedSize& size) {
    return size.plan.frame_width_px == padding.padded_width_px && size.plan.frame_height_px == padding.padded_height_px;
  });
  return found == prepared_.end() ? nullptr : &*found;
}

void FrameDenoiser::prepare_sizes(const PassList& passes, Plans plans) {
  if (plans != prepared_plans_) prepared_.clear();
  prepared_plans_ = plans;
  // Memory is bounded by one frame's sizes: what this frame does not need goes first.
  std::erase_if(prepared_, [&](const PreparedSize& size) {
    return std::ranges::none_of(passes, [&](const Pass& pass) {
      return size.plan.frame_width_px == pass.padding.padded_width_px &&
             size.plan.frame_height_px == pass.padding.padded_height_px;
    });
  });
  for (const Pass& pass : passes) {
    if (find_prepared(pass.padding) != nullptr) continue;
    PreparedSize size{
        plan_padded(pass.padding.padded_width_px, pass.padding.padded_height_px, plans), {}, nullptr, nullptr};
    if (size.plan.lockstep_depth > 0)
      size.lockstep = std::make_unique<LockstepBands>(*executor_, size.plan, workers_);
    else if (size.plan.skew_px > 0)
      size.skewed = std::make_unique<SkewedTiles>(*executor_, size.plan, workers_);
    else
      prepare_workers(size);
    prepared_.push_back(std::move(size));
  }
}

void FrameDenoiser::prepare_workers(PreparedSize& size) {
  size.workers.resize(static_cast<std::size_t>(workers_.n_threads()));
  // All workers now, so that no later frame finds one unprepared.
  workers_.run(workers_.n_threads(), [&](int, int index) {
    size.workers[index].run = executor_->prepare(size.plan.window_height_px, size.plan.window_width_px);
    size.workers[index].scratch.resize((size.plan.window_width_px + 1) / 2);
  });
}

void FrameDenoiser::run_pass(const Pass& pass, PreparedSize& prepared, const PassInputs& inputs, const TileWork& work) {
  const auto fill_and_work = [&](int worker_index, int tile_index) {
    Worker& worker = prepared.workers[worker_index];
    const Tile& tile = prepared.plan.tiles[tile_index];
    fill_window(pass, inputs, tile.window, worker.run->image(), worker.run->noise_map(), worker.scratch);
    worker.run->set_strength(static_cast<float>(inputs.strength));
    worker.run->set_column(tile.window.x_px);
    work({pass, tile, *worker.run, inputs.stabiliser, worker.scratch});
  };
  // By reference: a std::function would put the captures on the heap.
  workers_.run(static_cast<int>(prepared.plan.tiles.size()), std::cref(fill_and_work));
}

}  // namespace rdenoise

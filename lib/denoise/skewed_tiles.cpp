// SPDX-License-Identifier: LGPL-2.1-or-later
#include "denoise/skewed_tiles.hpp"

#include <algorithm>

namespace rdenoise {
namespace {

Rect intersection(const Rect& a, const Rect& b) {
  const int x = std::max(a.x_px, b.x_px);
  const int y = std::max(a.y_px, b.y_px);
  return {x, y, std::max(std::min(a.x_px + a.width_px, b.x_px + b.width_px) - x, 0),
          std::max(std::min(a.y_px + a.height_px, b.y_px + b.height_px) - y, 0)};
}

bool is_empty(const Rect& rect) { return rect.width_px == 0 || rect.height_px == 0; }

/// Makes zero what lies outside `inside`, which is relative to the tensor.
void clear_outside(TensorView tensor, const Rect& inside) {
  if (inside == Rect{0, 0, tensor.width, tensor.height}) return;
  for (int c = 0; c < tensor.channels; ++c)
    for (int y = 0; y < tensor.height; ++y) {
      float* const row = tensor.row(c, y);
      const bool is_row_inside = y >= inside.y_px && y < inside.y_px + inside.height_px;
      const int begin = is_row_inside ? inside.x_px : tensor.width;
      const int end = is_row_inside ? inside.x_px + inside.width_px : tensor.width;
      std::fill(row, row + begin, 0.0F);
      std::fill(row + end, row + tensor.width, 0.0F);
    }
}

/// One tile on one worker.
class TileAtWork final : public SkewedTile {
 public:
  TileAtWork(const TilePlan& plan, const Pass& pass, const PassInputs& inputs, SkewedRun& run, std::span<float> scratch,
             WavefrontTile& wavefront)
      : pass_(pass),
        inputs_(inputs),
        run_(run),
        scratch_(scratch),
        wavefront_(wavefront),
        tile_(plan.tiles[static_cast<std::size_t>(wavefront.row()) * plan.columns + wavefront.column()]),
        frame_{0, 0, plan.frame_width_px, plan.frame_height_px},
        output_{tile_.window.x_px - (plan.columns > 1 ? plan.skew_px : 0),
                tile_.window.y_px - (plan.rows > 1 ? plan.skew_px : 0), plan.window_width_px, plan.window_height_px} {}

  int column() const override { return wavefront_.column(); }
  int row() const override { return wavefront_.row(); }
  void await_neighbours(int layer) override { wavefront_.await_neighbours(layer); }
  void finish(int layer) override { wavefront_.finish(layer); }

  void fill_inputs() {
    const TensorView image = run_.image();
    const Rect inside = gather_in(tile_.window, frame_);
    if (inputs_.stabiliser != nullptr) inputs_.stabiliser->stabilise(image, scratch_);
    const TensorView map = run_.noise_map();
    if (inputs_.map_layer != nullptr) {
      const int factor = inputs_.map_layer->factor;
      fill_window_map(pass_, inputs_, tile_.window, image, map);
      clear_outside(map,
                    {inside.x_px / factor, inside.y_px / factor, inside.width_px / factor, inside.height_px / factor});
    }
    clear_outside(image, inside);
    run_.set_strength(static_cast<float>(inputs_.strength));
  }

  /// Only what this tile puts out: other tiles' results may already lie beside it if the picture is its own
  /// destination.
  void refill_image() override {
    const Rect picture{pass_.padding.left_px, pass_.padding.top_px, pass_.src.width_px, pass_.src.height_px};
    gather_in(output_, intersection(tile_.core, picture));
    if (inputs_.stabiliser != nullptr) inputs_.stabiliser->stabilise(run_.image(), scratch_);
  }

  void put_out() {
    if (is_empty(tile_.core)) return;
    ConstTensorView denoised = run_.output();
    if (inputs_.stabiliser != nullptr) {
      // The network has run: its input is free to hold the restored picture.
      const TensorView image = run_.image();
      inputs_.stabiliser->restore(denoised, image, scratch_);
      denoised = {image.data, image.channels, image.height, image.width};
    }
    scatter(denoised, pass_.padding, {output_, tile_.core}, pass_.dst, scratch_);
  }

 private:
  /// Gathers of `window`, which the input holds, what lies in `wanted`; the rest is zero. Returns where that is.
  Rect gather_in(const Rect& window, const Rect& wanted) {
    const TensorView image = run_.image();
    const Rect seen = intersection(window, wanted);
    const Rect inside{seen.x_px - window.x_px, seen.y_px - window.y_px, seen.width_px, seen.height_px};
    const Rect place = is_empty(seen) ? Rect{} : inside;
    clear_outside(image, place);
    if (!is_empty(seen)) gather(pass_.src, pass_.padding, seen, image, {place.x_px, place.y_px}, scratch_);
    return place;
  }

  const Pass& pass_;
  const PassInputs& inputs_;
  SkewedRun& run_;
  std::span<float> scratch_;
  WavefrontTile& wavefront_;
  const Tile& tile_;
  Rect frame_;
  Rect output_;  ///< what of the picture the network's output window stands for
};

}  // namespace

bool may_skew(InputDomain input, const SkewedChain& chain) noexcept {
  return input != InputDomain::bayer || chain.cell_px % 2 == 0;
}

SkewedTiles::SkewedTiles(const Executor& executor, const TilePlan& plan, WorkerPool& workers)
    : grid_{plan.frame_width_px, plan.frame_height_px, plan.window_width_px, plan.window_height_px, plan.columns,
            plan.rows,
            // One more than can be worked on: a worker that ends a row finds the next one ready.
            std::min(plan.rows, workers.n_threads() + 1)},
      network_(executor.prepare_skewed(grid_)),
      workers_(static_cast<std::size_t>(workers.n_threads())) {
  workers.run(workers.n_threads(), [&](int, int index) {
    Worker& worker = workers_[static_cast<std::size_t>(index)];
    worker.run = network_->prepare_run();
    worker.scratch.resize(static_cast<std::size_t>(plan.window_width_px + 1) / 2);
  });
}

void SkewedTiles::run(const TilePlan& plan, const Pass& pass, const PassInputs& inputs, WorkerPool& workers) {
  const auto denoise_tile = [&](int index, WavefrontTile& wavefront) {
    Worker& worker = workers_[static_cast<std::size_t>(index)];
    TileAtWork tile(plan, pass, inputs, *worker.run, worker.scratch, wavefront);
    tile.fill_inputs();
    worker.run->run_tile(tile);
    tile.put_out();
  };
  // By reference: a std::function would put the captures on the heap.
  workers.run_wavefront({grid_.columns, grid_.rows, grid_.rows_in_flight}, std::cref(denoise_tile));
}

}  // namespace rdenoise

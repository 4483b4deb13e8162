// SPDX-License-Identifier: LGPL-2.1-or-later
// The whole camera: Guo, Yan, Zhang, Zuo, Zhang, "Toward convolutional blind denoising of real photographs" (CBDNet),
// CVPR 2019, section 3.1: the picture back to the mosaic it may have come from, noise of the sensor, and development of
// it; the target is the same development of the mosaic without noise.
#include <algorithm>
#include <rdenoise/camera_simulation.hpp>
#include <utility>

#include "data/stored_picture.hpp"
#include "tasks/task.hpp"

namespace rdenoise::training {
namespace {

constexpr int margin_px = 8;  // demosaicing and JPEG's chroma see this far
constexpr int block_px = 16;  // of 4:2:0: patches begin anywhere in it
constexpr int least_quality = 60;

class CameraTask final : public Task {
 public:
  CameraTask(CameraSimulator cameras, double jpeg_share) : cameras_(std::move(cameras)), jpeg_share_(jpeg_share) {}

  int crop_px(int patch_px) const override { return patch_px + 2 * margin_px + block_px; }

  Sample make(Image crop, int patch_px, PatchRandom& random, const ValidationLevel* level) const override {
    CameraParameters camera = cameras_.draw(random.seed(), random.patch());
    const bool compressed = level != nullptr ? level->value > 0.0 : random.uniform() < jpeg_share_;
    camera.jpeg.reset();
    if (compressed) camera.jpeg = JpegOptions{least_quality + random.below(101 - least_quality)};
    const SimulatedPhoto photo = simulate_photo(crop, camera, random.noise_seed(), 1);
    const int x_px = margin_px + random.below(block_px + 1);
    const int y_px = margin_px + random.below(block_px + 1);
    const auto inner = [&](const Image& image) { return cut(image, x_px, y_px, patch_px); };
    Sample sample{inner(photo.clean), inner(photo.noisy),
                  developed_sigma(to_camera_rgb(inner(crop), camera, 1), camera, 1),
                  Image(ColorModel::gray, patch_px, patch_px)};
    const auto told = sample.told_variance.plane(0);
    for (int c = 0; c < 3; ++c) {
      const auto of_color = sample.sigma.plane(c);
      for (std::size_t i = 0; i < told.size(); ++i) told[i] += of_color[i] * of_color[i] * (1.F / 3.F);
    }
    return sample;
  }

  std::vector<ValidationLevel> validation_levels() const override {
    return {{"camera", 0, 0.0}, {"camera JPEG", 0, 1.0}};
  }

 private:
  CameraSimulator cameras_;
  double jpeg_share_;
};

}  // namespace

std::unique_ptr<Task> make_camera_task(const Recipe& recipe, const std::filesystem::path& data,
                                       std::vector<std::string>& remarks) {
  std::vector<ResponseCurve> curves;
  if (!recipe.camera.curves.empty()) {
    ResponseCurveSet set = read_response_curves_file(data / recipe.camera.curves);
    remarks.insert(remarks.end(), set.remarks.begin(), set.remarks.end());
    curves = std::move(set.curves);
  }
  const CameraKind kind = recipe.camera.kind == "unprocessing" ? CameraKind::unprocessing : CameraKind::cbdnet;
  return std::make_unique<CameraTask>(CameraSimulator(kind, std::move(curves)), recipe.camera.jpeg);
}

}  // namespace rdenoise::training

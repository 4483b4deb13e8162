// SPDX-License-Identifier: LGPL-2.1-or-later
// The noise profile on its way through rddevelop.
#include <gtest/gtest.h>

#include <cmath>
#include <rdenoise/noise_propagation.hpp>

#include "elements/denoised_frames.hpp"
#include "elements/element_harness.hpp"
#include "elements/element_models.hpp"
#include "elements/noise_meta_fields.hpp"

namespace rdenoise::test {
namespace {

constexpr NoiseModel mosaic_noise{0.001, 1e-4, {}};

FrameLayout mosaic_layout() { return default_layout(*find_pixel_format("grbg12le"), 192, 128); }
FrameLayout picture_layout(const char* format) { return default_layout(*find_pixel_format(format), 192, 128); }

/// A gray patch with noise; its profile comes from rdnoiseest, and is then made to tell the truth.
Buffer measured_mosaic(float signal) {
  const FrameLayout layout = mosaic_layout();
  Buffer frame(make_frame(layout));
  {
    const FrameBytes bytes(frame.get(), layout, true);
    const FrameView view = bytes.view();
    for (int site = 0; site < 4; ++site) {
      const ChannelView& channel = view.channels[site];
      std::vector<float> row(channel.width_px);
      for (int y = 0; y < channel.height_px; ++y) {
        std::fill(row.begin(), row.end(), signal);
        add_noise(row, row, mosaic_noise, {4, static_cast<std::uint32_t>(site)},
                  static_cast<std::uint64_t>(y) * row.size());
        write_row(channel, y, 0, row);
      }
    }
  }
  ElementHarness rdnoiseest("rdnoiseest");
  rdnoiseest.set_caps(layout.caps());
  Buffer measured = rdnoiseest.push_and_pull(frame.release());
  GstStructure* structure = noise_structure(measured.get());
  set_numbers(structure, "a", {mosaic_noise.a, mosaic_noise.a, mosaic_noise.a});
  set_numbers(structure, "b", {mosaic_noise.b, mosaic_noise.b, mosaic_noise.b});
  gst_structure_remove_field(structure, "level-function");
  return measured;
}

Buffer developed(const std::string& launch, GstBuffer* mosaic, const char* format = "RGB") {
  ElementHarness rddevelop(launch);
  rddevelop.set_caps(mosaic_layout().caps());
  gst_harness_set_sink_caps_str(rddevelop.get(), ("video/x-raw,format=" + std::string(format)).c_str());
  return rddevelop.push_and_pull(mosaic);
}

TEST(DevelopedNoiseMeta, is_the_noise_of_the_picture) {
  constexpr float signal = 0.2F;
  for (const char* demosaic : {"bilinear", "malvar", "gbtf"}) {
    const Buffer picture = developed("rddevelop white-balance=none demosaic=" + std::string(demosaic),
                                     measured_mosaic(signal).release(), "RGBA64_LE");
    const NoiseProfile told = read_profile(noise_structure(picture.get()));
    ASSERT_EQ(told.channel_count, 3);
    const std::vector<float> samples = samples_of(picture.get(), picture_layout("RGBA64_LE"));
    const std::size_t count = samples.size() / 3;
    for (int c = 0; c < 3; ++c) {
      double sum = 0.0;
      double square = 0.0;
      for (std::size_t i = c * count; i < (c + 1) * count; ++i) {
        sum += samples[i];
        square += static_cast<double>(samples[i]) * samples[i];
      }
      const double found = std::sqrt(square / count - sum * sum / count / count);
      // 24576 pixels, correlated over about three: σ to 0.8 %; that of the profile to 1 %. Four of both together.
      EXPECT_NEAR(told.channels[c].sigma(encode_tone(ToneCurve::srgb, signal)), found, 0.05 * found)
          << demosaic << " " << c;
    }
  }
}

TEST(DevelopedNoiseMeta, is_that_of_the_library) {
  const Buffer picture = developed("rddevelop white-balance=none exposure=0.5 tone-curve=bt709 demosaic=malvar",
                                   measured_mosaic(0.2F).release());
  const NoiseProfile told = read_profile(noise_structure(picture.get()));
  const NoiseProfile expected =
      developed_noise(uniform_profile(ColorModel::bayer, mosaic_noise),
                      {.demosaic = DemosaicMethod::malvar, .tone_curve = ToneCurve::bt709, .exposure_ev = 0.5F});
  for (int c = 0; c < 3; ++c) EXPECT_EQ(told.channels[c], expected.channels[c]) << c;
}

TEST(DevelopedNoiseMeta, follows_the_mosaics_noise_from_frame_to_frame) {
  ElementHarness rddevelop("rddevelop white-balance=none");
  rddevelop.set_caps(mosaic_layout().caps());
  gst_harness_set_sink_caps_str(rddevelop.get(), "video/x-raw,format=RGB");
  std::vector<NoiseProfile> told;
  for (const double a : {0.001, 0.001, 0.004}) {
    Buffer mosaic = measured_mosaic(0.2F);
    set_numbers(noise_structure(mosaic.get()), "a", {a, a, a});
    const Buffer picture = rddevelop.push_and_pull(mosaic.release());
    told.push_back(read_profile(noise_structure(picture.get())));
  }
  EXPECT_EQ(told[0], told[1]);
  EXPECT_GT(told[2].channels[1].sigma(0.5), 1.5 * told[0].channels[1].sigma(0.5));
}

TEST(DevelopedNoiseMeta, tells_the_domain_of_the_picture) {
  for (const char* format : {"RGB", "RGBx", "RGBA64_LE"}) {
    const Buffer picture = developed("rddevelop", measured_mosaic(0.2F).release(), format);
    const GstStructure* structure = noise_structure(picture.get());
    ASSERT_NE(structure, nullptr);
    EXPECT_STREQ(gst_structure_get_string(structure, "format"), format);
    EXPECT_STREQ(gst_structure_get_string(structure, "colorimetry"), "sRGB");
    const GValue* white = gst_structure_get_value(structure, "white");
    EXPECT_EQ(g_value_get_double(gst_value_array_get_value(white, 0)),
              std::string(format) == "RGBA64_LE" ? 65535.0 : 255.0);
  }
}

TEST(DevelopedNoiseMeta, is_what_rdenoise_uses_after_rddevelop) {
  const ElementModels models;
  const FrameLayout layout = picture_layout("RGB");
  const Buffer picture = developed("rddevelop", measured_mosaic(0.2F).release());
  ElementHarness rdenoise("rdenoise");
  rdenoise.set_caps(layout.caps() + ",colorimetry=sRGB");
  const Buffer out = rdenoise.push_and_pull(gst_buffer_ref(picture.get()));
  EXPECT_EQ(samples_of(out.get(), layout),
            denoised_directly(picture.get(), layout, read_profile(noise_structure(picture.get()))));
}

TEST(DevelopedNoiseMeta, is_absent_where_the_mosaics_noise_is_not_known) {
  const Buffer unmeasured = developed("rddevelop", make_frame(mosaic_layout()));
  EXPECT_EQ(noise_structure(unmeasured.get()), nullptr);
  Buffer mosaic = measured_mosaic(0.2F);
  gst_structure_set(noise_structure(mosaic.get()), "width", G_TYPE_INT, 191, nullptr);
  const Buffer elsewhere = developed("rddevelop", mosaic.release());
  EXPECT_EQ(noise_structure(elsewhere.get()), nullptr);
  // Measured on other levels than it is developed with.
  const Buffer other_levels = developed("rddevelop black-level=100", measured_mosaic(0.2F).release());
  EXPECT_EQ(noise_structure(other_levels.get()), nullptr);
}

}  // namespace
}  // namespace rdenoise::test

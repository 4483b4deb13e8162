// SPDX-License-Identifier: LGPL-2.1-or-later
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <rdenoise/error.hpp>
#include <rdenoise/sensor_noise.hpp>
#include <string>

#include "support/data_folder.hpp"
#include "support/temporary_folder.hpp"

namespace rdenoise {
namespace {

const std::string fit = R"({"slope": 0.5, "bias": -1.0, "sigma": 0.25})";
const std::string profile = R"({"g_scale": )" + fit + R"(, "G_scale": )" + fit + R"(, "R_scale": )" + fit + "}";
const std::string sensor_text = R"({"Kmin": 0.5, "Kmax": 8, "G_shape": [0.1, -0.2], "Profile-1": )" + profile +
                                R"(, "color_bias": [[1, 2, 3, 4], [-1, -2, -3, -4]]})";

std::string replaced(std::string text, const std::string& what, const std::string& by) {
  const auto place = text.find(what);
  return place == std::string::npos ? text : text.replace(place, what.size(), by);
}

std::string message_of(const std::string& text) {
  try {
    (void)parse_sensor_calibration(text, "camera.json");
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::corrupt);
    return error.what();
  }
  return "none";
}

TEST(sensor_calibration, is_read_with_all_its_parts) {
  const SensorCalibration sensor = parse_sensor_calibration(sensor_text, "camera.json");
  EXPECT_EQ(sensor.least_gain_dn, 0.5);
  EXPECT_EQ(sensor.greatest_gain_dn, 8.0);
  EXPECT_EQ(sensor.tukey_shapes, (std::vector{0.1, -0.2}));
  ASSERT_EQ(sensor.scales.size(), 1U);
  EXPECT_EQ(sensor.scales[0].row.slope, 0.5);
  EXPECT_EQ(sensor.scales[0].tukey_read.bias, -1.0);
  EXPECT_EQ(sensor.scales[0].gaussian_read.sigma, 0.25);
  ASSERT_EQ(sensor.color_bias_dn.size(), 2U);
  EXPECT_EQ(sensor.color_bias_dn[1][2], -3.0);
}

TEST(sensor_calibration, may_have_several_profiles_and_no_bias) {
  std::string text =
      replaced(sensor_text, R"("color_bias": [[1, 2, 3, 4], [-1, -2, -3, -4]])", R"("Profile-2": )" + profile);
  const SensorCalibration sensor = parse_sensor_calibration(text, "camera.json");
  EXPECT_EQ(sensor.scales.size(), 2U);
  EXPECT_TRUE(sensor.color_bias_dn.empty());
}

TEST(sensor_calibration, that_is_malformed_is_refused_with_what_is_wrong) {
  const auto expect = [](const std::string& text, const std::string& part) {
    const std::string message = message_of(text);
    EXPECT_NE(message.find(part), std::string::npos) << message;
    EXPECT_EQ(message.find("reading camera.json: expected "), 0U) << message;
  };
  expect("", "JSON");
  expect("{\"Kmin\": 0.5,", "JSON");
  expect("[1, 2]", "an object, found an array of 2");
  expect("{}", "at Kmin, found that the key is missing");
  expect(replaced(sensor_text, "0.5", "\"0.5\""), "at Kmin, found \"0.5\"");
  expect(replaced(sensor_text, "0.5", "-0.5"), "at Kmin, found -0.5");
  expect(replaced(sensor_text, "\"Kmax\": 8", "\"Kmax\": 0.25"), "a number from 0.5 to 65535.0 at Kmax, found 0.25");
  expect(replaced(sensor_text, "\"Profile-1\"", "\"Profile-3\""), "at Profile-1, found that");
  expect(replaced(sensor_text, profile, "7"), "an object at Profile-1, found 7");
  expect(replaced(sensor_text, "R_scale", "r_scale"), "at Profile-1.R_scale, found that");
  expect(replaced(sensor_text, "\"slope\"", "\"slop\""), "at Profile-1.g_scale.slope, found that");
  expect(replaced(sensor_text, "\"sigma\": 0.25", "\"sigma\": -1"), "at Profile-1.g_scale.sigma, found -1");
  expect(replaced(sensor_text, "[0.1, -0.2]", "[]"), "one shape or more at G_shape");
  expect(replaced(sensor_text, "[0.1, -0.2]", "[0.1, -0.7]"), "at G_shape[1], found -0.7");
  expect(replaced(sensor_text, "[0.1, -0.2]", "0.1"), "an array at G_shape, found 0.1");
  expect(replaced(sensor_text, "[1, 2, 3, 4]", "[1, 2, 3]"), "an array of 4 at color_bias[0]");
  expect(replaced(sensor_text, "[1, 2, 3, 4]", "[1, 2, 3, null]"), "at color_bias[0][3], found null");
}

TEST(sensor_calibration, is_read_from_a_file) {
  const test::TemporaryFolder folder;
  std::ofstream(folder / "camera.json") << sensor_text;
  EXPECT_EQ(read_sensor_calibration(folder / "camera.json").tukey_shapes.size(), 2U);
  const auto code_of = [](const std::filesystem::path& path) {
    try {
      (void)read_sensor_calibration(path);
    } catch (const Error& error) {
      return error.code();
    }
    return ErrorCode::internal;
  };
  EXPECT_EQ(code_of(folder / "none.json"), ErrorCode::not_found);
  EXPECT_EQ(code_of(folder.path()), ErrorCode::io);
}

TEST(sensor_draw, follows_the_fits_in_the_mean_of_the_logarithm) {
  const SensorCalibration sensor = parse_sensor_calibration(sensor_text, "camera.json");
  constexpr double gain = 2.0;
  constexpr double range = 16000.0;
  constexpr int n = 4000;
  double sum = 0.0;
  double square = 0.0;
  double shapes = 0.0;
  for (std::uint64_t i = 0; i < n; ++i) {
    const SensorDraw draw = draw_sensor_noise(sensor, gain, range, ReadNoise::tukey_lambda, {1, 0}, i);
    EXPECT_EQ(draw.noise.a, gain / range);
    EXPECT_EQ(draw.noise.b, 0.0);
    EXPECT_EQ(draw.effects.quantisation_step, 1.0 / range);
    // Shape and bias come from the same setting.
    EXPECT_EQ(draw.effects.black_offset[0], (draw.effects.tukey_shape == 0.1 ? 1.0 : -1.0) / range);
    const double deviation = std::log(draw.effects.tukey_scale * range) - (0.5 * std::log(gain) - 1.0);
    sum += deviation;
    square += deviation * deviation;
    shapes += draw.effects.tukey_shape;
  }
  EXPECT_NEAR(sum / n, 0.0, 5.0 * 0.25 / std::sqrt(n));
  EXPECT_NEAR(square / n / (0.25 * 0.25), 1.0, 5.0 * std::sqrt(2.0 / n));
  EXPECT_NEAR(shapes / n, -0.05, 5.0 * 0.15 / std::sqrt(n));
}

TEST(sensor_draw, of_gaussian_read_noise_puts_it_into_the_model) {
  const SensorCalibration sensor = parse_sensor_calibration(sensor_text, "camera.json");
  const SensorDraw draw = draw_sensor_noise(sensor, 1.0, 1000.0, ReadNoise::gaussian, {1, 0}, 3);
  EXPECT_EQ(draw.effects.tukey_scale, 0.0);
  // e⁻¹ DN ± 25 %, five times.
  EXPECT_NEAR(std::log(std::sqrt(draw.noise.b) * 1000.0), -1.0, 5.0 * 0.25);
}

TEST(sensor_draw, takes_gains_of_the_calibrated_range) {
  const SensorCalibration sensor = parse_sensor_calibration(sensor_text, "camera.json");
  double sum = 0.0;
  constexpr int n = 2000;
  for (std::uint64_t i = 0; i < n; ++i) {
    const double gain = draw_gain_dn(sensor, {2, 0}, i);
    EXPECT_GE(gain, 0.5);
    EXPECT_LE(gain, 8.0);
    sum += std::log2(gain);
  }
  // Uniform from −1 to 3: mean 1, deviation 4/√12.
  EXPECT_NEAR(sum / n, 1.0, 5.0 * 4.0 / std::sqrt(12.0 * n));
}

TEST(sensor_draw, refuses_what_is_no_sensor) {
  const SensorCalibration sensor = parse_sensor_calibration(sensor_text, "camera.json");
  EXPECT_THROW((void)draw_sensor_noise(sensor, 0.0, 1000.0, ReadNoise::gaussian, {}, 0), Error);
  EXPECT_THROW((void)draw_sensor_noise(sensor, 1.0, -1.0, ReadNoise::gaussian, {}, 0), Error);
  EXPECT_THROW((void)draw_sensor_noise({}, 1.0, 1000.0, ReadNoise::gaussian, {}, 0), Error);
}

TEST(sensor_calibration, of_real_cameras_is_read) {
  const auto folder = test::data_folder("profiles/eld-camera-params");
  if (!folder) GTEST_SKIP() << test::no_data_message("profiles/eld-camera-params");
  int cameras = 0;
  for (const auto& entry : std::filesystem::directory_iterator(*folder)) {
    if (entry.path().extension() != ".json") continue;
    const SensorCalibration sensor = read_sensor_calibration(entry.path());
    EXPECT_EQ(sensor.tukey_shapes.size(), sensor.color_bias_dn.size());
    for (std::uint64_t i = 0; i < 100; ++i) {
      const double gain = draw_gain_dn(sensor, {2, 0}, i);
      const SensorDraw draw = draw_sensor_noise(sensor, gain, 15583.0, ReadNoise::tukey_lambda, {3, 0}, i);
      // Between a tenth of a DN and 200 DN of read noise; the rows' is a part of it.
      EXPECT_GT(draw.effects.tukey_scale * 15583.0, 0.01) << entry.path();
      EXPECT_LT(draw.effects.tukey_scale * 15583.0, 200.0) << entry.path();
      EXPECT_LT(draw.effects.row_sigma, draw.effects.tukey_scale * 2.0) << entry.path();
    }
    ++cameras;
  }
  EXPECT_GT(cameras, 0);
}

}  // namespace
}  // namespace rdenoise

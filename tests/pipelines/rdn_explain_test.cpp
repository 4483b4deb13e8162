// SPDX-License-Identifier: LGPL-2.1-or-later
// rdn denoise --explain and --noise-map-out.
#include <algorithm>
#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>
#include <rdenoise/explain.hpp>
#include <rdenoise/picture_file.hpp>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "lib/network/random_weights.hpp"
#include "run_program.hpp"
#include "workplace.hpp"

namespace rdenoise::test {
namespace {

namespace fs = std::filesystem;

class RdnExplain : public Workplace {
 protected:
  /// A model of random weights; small ones, so that no estimate leaves 0 … 1 by much.
  std::string write_model(const std::string& name, const NetworkParams& params) const {
    Weights weights = random_weights(build_network(params), 3);
    for (auto& [tensor_name, tensor] : weights.tensors)
      for (float& value : tensor.values) value *= 0.5F;
    fs::create_directories(path(name));
    write_safetensors(fs::path(path(name)) / "weights.safetensors", weights);
    return path(name);
  }

  std::string class_aware() const {
    return write_model("class-aware-8", {.network = "class-aware", .depth = 8, .width = 6, .residual = true});
  }
  std::string cbdnet() const {
    return write_model("cbdnet-small",
                       {.network = "cbdnet", .input = InputDomain::rgb, .image_channels = 3, .depth = 3, .width = 8});
  }
  std::string dncnn() const {
    return write_model("dncnn-small", {.network = "dncnn", .depth = 3, .width = 4, .residual = true});
  }

  void run(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), "denoise");
    const ProgramResult result = run_rdn(arguments);
    ASSERT_EQ(result.exit_code, 0) << result.messages;
  }

  [[nodiscard]] std::vector<std::string> files_in(const std::string& folder) const {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(path(folder))) names.push_back(entry.path().filename().string());
    std::ranges::sort(names);
    return names;
  }

  [[nodiscard]] Image picture(const std::string& name) const { return read_picture(path(name)).image; }
};

int values_differing(const Image& a, const Image& b) {
  EXPECT_EQ(a.samples().size(), b.samples().size());
  int count = 0;
  for (std::size_t i = 0; i < std::min(a.samples().size(), b.samples().size()); ++i)
    count += a.samples()[i] != b.samples()[i] ? 1 : 0;
  return count;
}

std::vector<std::vector<std::string>> read_csv(const std::string& path) {
  std::ifstream file(path);
  std::vector<std::vector<std::string>> rows;
  for (std::string line; std::getline(file, line);) {
    std::istringstream fields(line);
    rows.emplace_back();
    for (std::string field; std::getline(fields, field, ',');) rows.back().push_back(field);
  }
  return rows;
}

TEST_F(RdnExplain, shows_a_class_aware_network_at_its_quarters) {
  const std::string input = write_formula_picture("in.png", ColorModel::gray, 50, 38);
  run({input, path("out.png"), "--model", class_aware(), "--sigma", "25", "--precision", "f32", "--explain",
       path("dir")});
  std::vector<std::string> expected{"explain.svg", "layers.csv", "noisy.png"};
  for (const char* number : {"02", "04", "06", "08"})
    for (const char* kind : {"estimate-", "removed-"}) expected.push_back(std::string(kind) + number + ".png");
  const auto layers = read_csv(path("dir/layers.csv"));
  for (std::size_t row = 1; row < layers.size(); ++row)
    expected.push_back("energy-" + std::string(layers[row][0].size() == 1 ? "0" : "") + layers[row][0] + ".png");
  std::ranges::sort(expected);
  EXPECT_EQ(files_in("dir"), expected);
  // Two convolutions a layer, but one in the last.
  EXPECT_EQ(layers.size(), 1U + 15U);
  for (const char* name : {"dir/estimate-02.png", "dir/removed-06.png", "dir/noisy.png"}) {
    EXPECT_EQ(picture(name).width_px(), 50);
    EXPECT_EQ(picture(name).height_px(), 38);
  }
  EXPECT_EQ(values_differing(picture("dir/estimate-08.png"), picture("out.png")), 0);
  EXPECT_EQ(values_differing(picture("dir/noisy.png"), picture("in.png")), 0);
  EXPECT_NE(values_differing(picture("dir/estimate-02.png"), picture("dir/estimate-04.png")), 0);
}

TEST_F(RdnExplain, noise_taken_away_is_noisy_minus_estimate_with_one_gain) {
  const std::string input = write_formula_picture("in.png", ColorModel::gray);
  run({input, path("out.png"), "--model", class_aware(), "--sigma", "60", "--explain", path("dir")});
  // 4·60 of 255 around mid-gray leaves a gain of 0.5 of the series 1, 2, 5.
  const Image noisy = picture("in.png");
  for (const char* number : {"02", "08"}) {
    const Image estimate = picture("dir/estimate-" + std::string(number) + ".png");
    const Image removed = picture("dir/removed-" + std::string(number) + ".png");
    for (std::size_t i = 0; i < noisy.samples().size(); ++i) {
      const float written = estimate.samples()[i];
      if (written <= 0.F || written >= 1.F) continue;  // clipped in the file
      // Both files are rounded to 8 bit: half a step of the estimate times the gain, and half a step.
      EXPECT_NEAR(removed.samples()[i], std::clamp(0.5F + 0.5F * (noisy.samples()[i] - written), 0.F, 1.F),
                  0.76F / 255.F);
    }
  }
}

TEST_F(RdnExplain, figures_of_the_layers_are_the_librarys) {
  const std::string input = write_formula_picture("in.png", ColorModel::rgb);
  run({input, path("out.png"), "--model", cbdnet(), "--sigma", "25", "--precision", "f32", "--explain", path("dir")});
  const Image src = picture("in.png");
  const LayerEnergies energies =
      layer_energies(load_model(cbdnet()), std::as_const(src).view(),
                     uniform_profile(ColorModel::rgb, NoiseModel::gaussian(25.0)), {.precision = Precision::f32});
  const auto rows = read_csv(path("dir/layers.csv"));
  const std::vector<std::string> columns{"layer",     "name", "kind",     "channels",
                                         "downscale", "rms",  "mean_abs", "zero_share"};
  ASSERT_EQ(rows.size(), energies.layers.size() + 1);
  EXPECT_EQ(rows[0], columns);
  for (std::size_t i = 0; i < energies.layers.size(); ++i) {
    const LayerEnergy& layer = energies.layers[i];
    const std::vector<std::string>& row = rows[i + 1];
    EXPECT_EQ(row[0], std::to_string(layer.layer));
    EXPECT_EQ(row[1], layer.name);
    EXPECT_EQ(row[2], layer.kind);
    EXPECT_EQ(row[3], std::to_string(layer.channels));
    EXPECT_EQ(row[4], std::to_string(layer.downscale));
    // Sums of double in another order.
    EXPECT_NEAR(std::stod(row[5]), layer.rms, 1e-6 * layer.rms);
    EXPECT_NEAR(std::stod(row[6]), layer.mean_abs, 1e-6 * layer.mean_abs);
    EXPECT_NEAR(std::stod(row[7]), layer.zero_share, 1e-9);
  }
}

TEST_F(RdnExplain, works_on_raw_photos_too) {
  const std::string input = write_formula_dng("in.dng");
  for (const char* output : {"out.png", "out.dng"}) {
    run({input, path(output), "--explain", path("dir")});
    EXPECT_EQ(picture("dir/estimate-01.png").width_px(), 48);
    EXPECT_EQ(picture("dir/removed-01.png").width_px(), 24) << "a pixel for each cell";
    EXPECT_EQ(picture("dir/noise-map.tiff").width_px(), 48);
    fs::remove_all(path("dir"));
  }
  const std::string model = class_aware();
  run({input, path("out.png"), "--model", model, "--sigma", "5", "--explain", path("dir")});
  EXPECT_EQ(picture("dir/estimate-04.png").color_model(), ColorModel::rgb) << "developed";
}

TEST_F(RdnExplain, keeps_what_else_is_in_the_folder) {
  const std::string input = write_formula_picture("in.png", ColorModel::gray);
  fs::create_directory(path("dir"));
  write_text("dir/mine.txt", "kept");
  write_text("dir/explain.svg", "old");
  run({input, path("out.png"), "--explain", path("dir")});
  EXPECT_TRUE(fs::exists(path("dir/mine.txt")));
  EXPECT_GT(fs::file_size(path("dir/explain.svg")), 1000U);
}

TEST_F(RdnExplain, a_folder_that_cannot_be_is_an_error_and_nothing_is_left) {
  const std::string input = write_formula_picture("in.png", ColorModel::gray);
  write_text("file", "kept");
  for (const std::string& folder : {path("file"), path("absent/dir"), std::string("/proc/explain")}) {
    const ProgramResult result = run_rdn({"denoise", input, path("out.png"), "--explain", folder});
    EXPECT_EQ(result.exit_code, 1);
    EXPECT_NE(result.messages.find(folder), std::string::npos) << result.messages;
  }
  EXPECT_EQ(count_files_beginning_with("out"), 0);
  EXPECT_EQ(fs::file_size(path("file")), 4U);
  // The folder is fine here, the output is not.
  EXPECT_EQ(run_rdn({"denoise", input, path("absent/out.png"), "--explain", path("dir")}).exit_code, 1);
  EXPECT_FALSE(fs::exists(path("dir")));
}

TEST_F(RdnExplain, looks_inside_networks_only) {
  const std::string input = write_formula_picture("in.png", ColorModel::gray);
  for (const std::vector<std::string>& option :
       std::vector<std::vector<std::string>>{{"--explain", path("dir")}, {"--noise-map-out", path("map.tiff")}}) {
    std::vector<std::string> call{"denoise", input, path("out.png"), "--method", "bm3d"};
    call.insert(call.end(), option.begin(), option.end());
    EXPECT_EQ(run_rdn(call).exit_code, 2);
  }
  EXPECT_FALSE(fs::exists(path("dir")));
}

class RdnNoiseMap : public RdnExplain {};

TEST_F(RdnNoiseMap, is_float_in_8_bit_steps_in_a_tiff_and_scaled_in_a_png) {
  const std::string input = write_formula_picture("in.png", ColorModel::rgb);
  for (const std::string& model : {std::string("ffdnet-color"), cbdnet()}) {
    run({input, path("out.png"), "--model", model, "--sigma", "30", "--noise-map-out", path("map.tiff")});
    const ProgramResult result = run_rdn({"denoise", input, path("out.png"), "--model", model, "--sigma", "30",
                                          "--noise-map-out", path("map.png"), "--json"});
    ASSERT_EQ(result.exit_code, 0) << result.messages;
    const auto json = nlohmann::json::parse(result.out)["noise_map"];
    const Image in_steps = picture("map.tiff");
    const Image scaled = picture("map.png");
    const double white = json["white_8bit"];
    EXPECT_NEAR(json["most_8bit"].get<double>(), std::ranges::max(in_steps.samples()), 1e-4);
    ASSERT_EQ(in_steps.samples().size(), scaled.samples().size());
    // Half a step of 16 bit, and float rounding.
    for (std::size_t i = 0; i < in_steps.samples().size(); ++i)
      EXPECT_NEAR(scaled.samples()[i] * white, in_steps.samples()[i], white * 0.51 / 65535.0);
    if (model == "ffdnet-color") {
      for (const float sigma : in_steps.samples()) EXPECT_NEAR(sigma, 30.F, 1e-4F);
    }
  }
}

TEST_F(RdnNoiseMap, doubles_with_the_strength) {
  const std::string input = write_formula_picture("in.png", ColorModel::rgb);
  for (const std::string& model : {std::string("ffdnet-color"), cbdnet()}) {
    for (const char* strength : {"1", "2"})
      run({input, path("out.png"), "--model", model, "--precision", "f32", "--sigma", "20", "--strength", strength,
           "--noise-map-out", path(std::string("map") + strength + ".tiff")});
    const Image once = picture("map1.tiff");
    const Image twice = picture("map2.tiff");
    EXPECT_GT(std::ranges::max(once.samples()), 0.F);
    for (std::size_t i = 0; i < once.samples().size(); ++i) EXPECT_EQ(twice.samples()[i], 2.F * once.samples()[i]);
  }
}

TEST_F(RdnNoiseMap, of_a_network_without_one_is_an_error) {
  const std::string input = write_formula_picture("in.png", ColorModel::gray);
  const ProgramResult result =
      run_rdn({"denoise", input, path("out.png"), "--model", dncnn(), "--noise-map-out", path("map.png")});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_NE(result.messages.find("blind"), std::string::npos) << result.messages;
  EXPECT_EQ(count_files_beginning_with("out"), 0);
  EXPECT_EQ(count_files_beginning_with("map"), 0);
  EXPECT_EQ(run_rdn({"denoise", input, path("out.png"), "--noise-map-out", path("map.jpg")}).exit_code, 2);
}

}  // namespace
}  // namespace rdenoise::test

// SPDX-License-Identifier: LGPL-2.1-or-later
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <limits>
#include <rdenoise/error.hpp>
#include <rdenoise/model.hpp>

#include "lib/network/random_weights.hpp"
#include "support/temporary_folder.hpp"

namespace rdenoise {
namespace {

namespace fs = std::filesystem;

class ModelFolder : public testing::Test {
 protected:
  void SetUp() override {
    fs::create_directories(folder_ / "tiny");
    setenv("RDENOISE_MODEL_PATH", ("/nonexistent:" + folder_.path().string()).c_str(), 1);
  }

  static NetworkParams tiny() {
    return {.network = "ffdnet", .input = InputDomain::gray, .image_channels = 1, .depth = 3, .width = 4};
  }
  void write(const Weights& weights) const { write_safetensors(folder_ / "tiny" / "weights.safetensors", weights); }

  /// The message of the error that loading gives; empty if there is none.
  static std::string refusal(std::string_view name, ErrorCode expected) {
    try {
      (void)load_model(name);
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), expected) << error.what();
      return error.what();
    }
    return {};
  }

  test::TemporaryFolder folder_;
};

TEST_F(ModelFolder, a_model_is_found_by_name_by_folder_and_by_file) {
  Weights weights = test::random_weights(build_network(tiny()), 1);
  weights.metadata["noise_range_8bit"] = "5,55.5";
  write(weights);
  for (const std::string& name :
       {std::string("tiny"), (folder_ / "tiny").string(), (folder_ / "tiny" / "weights.safetensors").string()}) {
    const Model model = load_model(name);
    EXPECT_EQ(model.name, "tiny") << name;
    EXPECT_EQ(model.spec.params, tiny());
    EXPECT_EQ(model.noise_range_8bit[0], 5.0);
    EXPECT_EQ(model.noise_range_8bit[1], 55.5);
  }
  EXPECT_EQ(list_models(), std::vector<std::string>{"tiny"});
}

TEST_F(ModelFolder, a_missing_model_names_the_folders_searched) {
  const std::string message = refusal("nonesuch", ErrorCode::not_found);
  EXPECT_NE(message.find("nonesuch"), std::string::npos);
  EXPECT_NE(message.find(folder_.path().string()), std::string::npos);
  EXPECT_FALSE(refusal("", ErrorCode::not_found).empty());
  EXPECT_FALSE(refusal("../tiny", ErrorCode::not_found).empty()) << "a path is not searched for";
}

TEST_F(ModelFolder, metadata_survive_the_round_trip) {
  for (const Architecture& architecture : architectures())
    for (const NetworkParams& params : architecture.examples)
      EXPECT_EQ(params_from_metadata(to_metadata(params)), params);
}

TEST_F(ModelFolder, damaged_weights_are_refused_naming_the_tensor_what_was_expected_and_what_found) {
  const NetworkSpec spec = build_network(tiny());
  const auto expect_parts = [&](auto change, std::vector<std::string> parts) {
    Weights weights = test::random_weights(spec, 1);
    change(weights.tensors);
    write(weights);
    const std::string message = refusal("tiny", ErrorCode::corrupt);
    parts.insert(parts.end(), {"tiny", "expected", "found"});
    for (const std::string& part : parts) EXPECT_NE(message.find(part), std::string::npos) << part << " in " << message;
  };
  using Tensors = decltype(Weights::tensors);
  expect_parts([](Tensors& t) { t["model.2.weight"].values[3] = std::numeric_limits<float>::quiet_NaN(); },
               {"model.2.weight", "finite", "nan"});
  expect_parts([](Tensors& t) { t["model.0.bias"].values[0] = std::numeric_limits<float>::infinity(); },
               {"model.0.bias", "finite", "inf"});
  expect_parts([](Tensors& t) { t.erase("model.4.bias"); }, {"model.4.bias", "[4]", "none"});
  expect_parts([](Tensors& t) { t["model.9.weight"] = {{1}, {0.F}}; }, {"model.9.weight", "only", "[1]"});
  expect_parts(
      [](Tensors& t) {
        t["model.2.weight"].shape = {4, 4, 9, 1};
      },
      {"model.2.weight", "[4, 4, 3, 3]", "[4, 4, 9, 1]"});
  // Transposed.
  expect_parts(
      [](Tensors& t) {
        t["model.0.weight"].shape = {5, 4, 3, 3};
      },
      {"model.0.weight", "[4, 5, 3, 3]", "[5, 4, 3, 3]"});
}

TEST_F(ModelFolder, damaged_metadata_are_refused_naming_the_entry) {
  const NetworkSpec spec = build_network(tiny());
  const auto message = [&](const std::string& key, const std::string& value, ErrorCode code) {
    Weights weights = test::random_weights(spec, 1);
    weights.metadata[key] = value;
    write(weights);
    return refusal("tiny", code);
  };
  EXPECT_NE(message("depth", "three", ErrorCode::corrupt).find("depth"), std::string::npos);
  EXPECT_NE(message("depth", "-3", ErrorCode::corrupt).find("depth"), std::string::npos);
  EXPECT_NE(message("depth", "999999999", ErrorCode::corrupt).find("depth"), std::string::npos);
  EXPECT_NE(message("channels", "3", ErrorCode::corrupt).find("channels"), std::string::npos);
  EXPECT_NE(message("input", "sound", ErrorCode::corrupt).find("sound"), std::string::npos);
  EXPECT_NE(message("residual", "maybe", ErrorCode::corrupt).find("residual"), std::string::npos);
  EXPECT_NE(message("rdenoise.format", "2", ErrorCode::unsupported).find("format"), std::string::npos);
  EXPECT_NE(message("rdenoise.network", "nonesuch", ErrorCode::corrupt).find("nonesuch"), std::string::npos);
  EXPECT_NE(message("noise_range_8bit", "75", ErrorCode::corrupt).find("noise_range"), std::string::npos);
}

TEST_F(ModelFolder, a_plain_state_dict_is_recognised_by_its_tensors) {
  for (const Architecture& architecture : architectures())
    for (const NetworkParams& params : architecture.examples) {
      Weights plain = test::random_weights(build_network(params), 3);
      plain.metadata.clear();
      const NetworkParams found = params_from_metadata(import_state_dict(plain).metadata);
      EXPECT_EQ(found.network, params.network);
      EXPECT_EQ(found.input, params.input);
      EXPECT_EQ(found.depth, params.depth);
      EXPECT_EQ(found.width, params.width);
      EXPECT_EQ(found.batch_norm, params.batch_norm);
      EXPECT_EQ(found.bias, params.bias);
    }
}

TEST_F(ModelFolder, batch_counters_of_an_unmerged_state_dict_do_no_harm) {
  Weights plain = test::random_weights(
      build_network(
          {.network = "dncnn", .image_channels = 1, .depth = 4, .width = 4, .batch_norm = true, .residual = true}),
      3);
  plain.metadata.clear();
  plain.tensors["model.3.num_batches_tracked"] = {{}, {0.F}};
  EXPECT_EQ(import_state_dict(plain).metadata.find("batch_norm")->second, "true");
}

TEST_F(ModelFolder, foreign_tensors_are_unsupported_and_listed) {
  Weights plain;
  plain.tensors["transformer.h.0.attn"] = {{1}, {0.F}};
  try {
    (void)import_state_dict(plain);
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::unsupported);
    EXPECT_NE(std::string(error.what()).find("transformer.h.0.attn"), std::string::npos);
  }
}

// y = γ·(conv(x) − mean)/√(var + ε) + β; checked on one output by hand.
TEST_F(ModelFolder, folding_moves_scale_and_shift_into_the_convolution) {
  const NetworkSpec spec = build_network(
      {.network = "dncnn", .image_channels = 1, .depth = 3, .width = 2, .batch_norm = true, .residual = true});
  Weights weights = test::random_weights(spec, 5);
  const FoldedNetwork folded = fold_batch_norm(spec, weights);
  for (const Layer& layer : folded.spec.layers) EXPECT_NE(layer.kind, LayerKind::batch_norm);
  check_weights(folded.spec, folded.weights);
  const auto at = [](const Weights& w, const char* name, std::size_t i) {
    return static_cast<double>(w.tensors.find(name)->second.values[i]);
  };
  for (std::size_t c = 0; c < 2; ++c) {
    const double scale = at(weights, "model.3.weight", c) / std::sqrt(at(weights, "model.3.running_var", c) + 1e-5);
    for (std::size_t k = 0; k < 18; ++k)
      EXPECT_NEAR(at(folded.weights, "model.2.weight", c * 18 + k), at(weights, "model.2.weight", c * 18 + k) * scale,
                  1e-6);
    EXPECT_NEAR(at(folded.weights, "model.2.bias", c),
                (at(weights, "model.2.bias", c) - at(weights, "model.3.running_mean", c)) * scale +
                    at(weights, "model.3.bias", c),
                1e-6);
  }
}

TEST_F(ModelFolder, loading_folds_batch_norm) {
  const NetworkSpec spec = build_network(
      {.network = "dncnn", .image_channels = 1, .depth = 3, .width = 2, .batch_norm = true, .residual = true});
  write(test::random_weights(spec, 5));
  const Model model = load_model("tiny");
  EXPECT_FALSE(model.spec.params.batch_norm);
  for (const Layer& layer : model.spec.layers) EXPECT_NE(layer.kind, LayerKind::batch_norm);
}

}  // namespace
}  // namespace rdenoise

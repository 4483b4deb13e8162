// SPDX-License-Identifier: LGPL-2.1-or-later
// rdn model list, info, import.
#include <nlohmann/json.hpp>
#include <rdenoise/model.hpp>
#include <string>

#include "run_program.hpp"
#include "workplace.hpp"

namespace rdenoise::test {
namespace {

using nlohmann::json;

class RdnModel : public Workplace {
 protected:
  /// A published network's file: tensors and nothing else.
  std::string write_plain_state_dict(const std::string& name) const {
    Weights weights = random_ffdnet(InputDomain::rgb);
    weights.metadata.clear();
    write_safetensors(path(name), weights);
    return path(name);
  }
};

TEST_F(RdnModel, list_shows_what_the_search_path_holds) {
  const ProgramResult result = run_rdn({"model", "list", "--json"});
  ASSERT_EQ(result.exit_code, 0) << result.messages;
  std::vector<std::string> names;
  const json object = json::parse(result.out);
  for (const json& model : object["models"]) names.push_back(model["name"]);
  EXPECT_EQ(names, (std::vector<std::string>{"ffdnet-bayer", "ffdnet-color", "ffdnet-gray"}));
}

TEST_F(RdnModel, a_damaged_model_is_named_and_does_not_hide_the_others) {
  write_text("models/ffdnet-gray/weights.safetensors", "no weights");
  const ProgramResult result = run_rdn({"model", "list", "--json"});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_NE(result.messages.find("ffdnet-gray"), std::string::npos);
  EXPECT_EQ(json::parse(result.out)["models"].size(), 2U);
}

TEST_F(RdnModel, info_gives_the_figures_of_the_network) {
  const ProgramResult result = run_rdn({"model", "info", "ffdnet-gray", "--json"});
  ASSERT_EQ(result.exit_code, 0) << result.messages;
  const json info = json::parse(result.out);
  EXPECT_EQ(info["network"], "ffdnet");
  EXPECT_EQ(info["input"], "gray");
  // 5·8·9 + 8, 8·8·9 + 8, 8·4·9 + 4 weights and biases.
  EXPECT_EQ(info["parameters"], 368 + 584 + 292);
  // (5·8 + 8·8 + 8·4)·9 multiply-adds for four pixels.
  EXPECT_DOUBLE_EQ(info["macs_per_px"].get<double>(), 136.0 * 9 / 4);
  // Three 3×3 layers at half resolution see 3 cells to each side, and a pixel may lie on either end of its own cell.
  EXPECT_EQ(info["receptive_field_px"], 2 * 7 + 1);
  EXPECT_EQ(info["halo_px"], 8);
  EXPECT_EQ(info["alignment_px"], 2);
  // The model's own weights and at least as many in the executor's order; of a photograph, every worker's window.
  EXPECT_GE(info["weights_mib"].get<double>(), 2 * 4.0 * (368 + 584 + 292) / (1024 * 1024));
  EXPECT_DOUBLE_EQ(info["photo_memory_mib"].get<double>(),
                   info["photo_workers"].get<int>() * info["memory_per_worker_mib"].get<double>() +
                       info["weights_mib"].get<double>());
  EXPECT_LE(info["photo_window_px"][0].get<int>(), 6000);
}

TEST_F(RdnModel, info_of_a_yuv420_network_tells_pixels_of_the_frame) {
  write_safetensors(path("yuv420.safetensors"), random_ffdnet(InputDomain::yuv420));
  const ProgramResult result = run_rdn({"model", "info", path("yuv420.safetensors"), "--json"});
  ASSERT_EQ(result.exit_code, 0) << result.messages;
  const json info = json::parse(result.out);
  EXPECT_EQ(info["input"], "yuv420");
  // (9·8 + 8·8 + 8·6)·9 multiply-adds for a cell of four pixels.
  EXPECT_DOUBLE_EQ(info["macs_per_px"].get<double>(), 184.0 * 9 / 4);
  // Three 3×3 layers see 3 cells to each side of their own, two pixels each.
  EXPECT_EQ(info["receptive_field_px"], 2 * 7);
  EXPECT_EQ(info["halo_px"], 6);
  EXPECT_EQ(info["alignment_px"], 2);
  EXPECT_EQ(info["tile_window_px"], 256 + 2 * 6);
}

TEST_F(RdnModel, import_makes_a_folder_that_loads_by_name) {
  const std::string plain = write_plain_state_dict("published.safetensors");
  const ProgramResult result = run_rdn({"model", "import", plain, path("models/mine"), "--json"});
  ASSERT_EQ(result.exit_code, 0) << result.messages;
  EXPECT_EQ(json::parse(result.out)["network"], "ffdnet");
  EXPECT_TRUE(std::filesystem::exists(path("models/mine/CARD.md")));
  const Model model = load_model("mine");
  EXPECT_EQ(model.spec.params.input, InputDomain::rgb);
  const Weights original = random_ffdnet(InputDomain::rgb);
  for (const auto& [name, tensor] : original.tensors) {
    ASSERT_TRUE(model.weights.tensors.contains(name)) << name;
    EXPECT_EQ(model.weights.tensors.at(name).values, tensor.values) << name;
  }
}

TEST_F(RdnModel, import_makes_a_single_file) {
  const std::string plain = write_plain_state_dict("published.safetensors");
  const std::string output = path("mine.safetensors");
  ASSERT_EQ(run_rdn({"model", "import", plain, output, "--network", "ffdnet"}).exit_code, 0);
  const Weights written = read_safetensors(output);
  EXPECT_EQ(written.metadata.at("rdenoise.network"), "ffdnet");
  EXPECT_EQ(written.metadata.at("rdenoise.format"), "1");
}

TEST_F(RdnModel, import_refuses_tensors_that_no_network_knows) {
  Weights weights;
  weights.tensors["lonely.weight"] = {{2, 2}, {1, 2, 3, 4}};
  write_safetensors(path("odd.safetensors"), weights);
  const ProgramResult result = run_rdn({"model", "import", path("odd.safetensors"), path("out")});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_NE(result.messages.find("odd.safetensors"), std::string::npos) << result.messages;
  EXPECT_EQ(count_files_beginning_with("out"), 0);
}

}  // namespace
}  // namespace rdenoise::test

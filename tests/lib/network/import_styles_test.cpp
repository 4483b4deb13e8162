// SPDX-License-Identifier: LGPL-2.1-or-later
// Networks as their makers save them: names and shapes written out as their files have them.
#include <gtest/gtest.h>

#include <rdenoise/error.hpp>
#include <rdenoise/model.hpp>

#include "lib/network/random_weights.hpp"
#include "lib/network/run_network.hpp"
#include "lib/network/small_network.hpp"

namespace rdenoise {
namespace {

using Shape = std::vector<std::int64_t>;

Weights random_tensors(const TensorShapes& shapes) {
  std::mt19937 generator(17);
  std::normal_distribution<float> normal(0.F, 0.05F);
  Weights weights;
  for (const auto& [name, shape] : shapes) {
    std::size_t count = 1;
    for (const std::int64_t extent : shape) count *= static_cast<std::size_t>(extent);
    weights.tensors[name] = {shape, std::vector<float>(count)};
    for (float& value : weights.tensors[name].values) value = normal(generator);
  }
  return weights;
}

NetworkParams imported_params(const Weights& plain) { return params_from_metadata(import_state_dict(plain).metadata); }

Weights plain_example(const NetworkParams& params) {
  Weights weights = test::random_weights(build_network(test::small(params, 20e3)), 3);
  weights.metadata.clear();
  return weights;
}

void expect_same_tensors(const Weights& found, const Weights& expected, const std::string& label) {
  ASSERT_EQ(found.tensors.size(), expected.tensors.size()) << label;
  for (const auto& [name, tensor] : expected.tensors) {
    const auto other = found.tensors.find(name);
    ASSERT_NE(other, found.tensors.end()) << label << " " << name;
    EXPECT_EQ(other->second.values, tensor.values) << label << " " << name;
  }
}

Weights with_prefix(const Weights& weights, const std::string& prefix) {
  Weights wrapped;
  for (const auto& [name, tensor] : weights.tensors) wrapped.tensors[prefix + name] = tensor;
  return wrapped;
}

TEST(ImportStyles, any_network_is_found_in_any_wrapper) {
  for (const Architecture& architecture : architectures())
    for (const NetworkParams& params : architecture.examples) {
      const Weights plain = plain_example(params);
      const Weights expected = import_state_dict(plain);
      for (const char* prefix : {"module.", "state_dict.", "model_state_dict.", "params_ema.", "_orig_mod.",
                                 "state_dict.module.", "module.denoiser."}) {
        Weights wrapped = with_prefix(plain, prefix);
        wrapped.tensors[std::string(prefix) + "model.3.num_batches_tracked"] = {{}, {0.F}};
        const Weights found = import_state_dict(wrapped);
        EXPECT_EQ(found.metadata, expected.metadata) << architecture.name << " " << prefix;
        expect_same_tensors(found, expected, std::string(architecture.name) + " in " + prefix);
      }
    }
}

// ---- KAIR and DPIR --------------------------------------------------------------------------------------------------

TEST(ImportStyles, drunet_of_kair_and_dpir) {
  TensorShapes shapes;
  const std::int64_t widths[] = {64, 128, 256, 512};
  shapes["m_head.weight"] = {64, 4, 3, 3};
  shapes["m_tail.weight"] = {3, 64, 3, 3};
  const auto residual_block = [&](const std::string& prefix, std::int64_t width) {
    for (const char* convolution : {".res.0.weight", ".res.2.weight"})
      shapes[prefix + convolution] = {width, width, 3, 3};
  };
  for (int step = 1; step <= 3; ++step) {
    const std::int64_t fine = widths[step - 1];
    const std::int64_t coarse = widths[step];
    const std::string down = "m_down" + std::to_string(step) + ".";
    const std::string up = "m_up" + std::to_string(step) + ".";
    for (int i = 0; i < 4; ++i) {
      residual_block(down + std::to_string(i), fine);
      residual_block(up + std::to_string(i + 1), fine);
    }
    shapes[down + "4.weight"] = {coarse, fine, 2, 2};  // strided
    shapes[up + "0.weight"] = {coarse, fine, 2, 2};    // transposed
  }
  for (int i = 0; i < 4; ++i) residual_block("m_body." + std::to_string(i), 512);
  NetworkParams expected = find_architecture("drunet").examples[0];
  EXPECT_EQ(needed_tensors(build_network(expected)), shapes);
  // The gray file differs in two tensors.
  shapes["m_head.weight"] = {64, 2, 3, 3};
  shapes["m_tail.weight"] = {1, 64, 3, 3};
  expected.input = InputDomain::gray;
  expected.image_channels = 1;
  EXPECT_EQ(needed_tensors(build_network(expected)), shapes);
}

/// A merged stack of `depth` convolutions: model.0, model.2, model.4, …
TensorShapes merged_stack(std::int64_t in, std::int64_t width, std::int64_t out, int depth) {
  TensorShapes shapes;
  for (int i = 0; i < depth; ++i) {
    const std::string name = "model." + std::to_string(2 * i);
    const std::int64_t outputs = i + 1 == depth ? out : width;
    shapes[name + ".weight"] = {outputs, i == 0 ? in : width, 3, 3};
    shapes[name + ".bias"] = {outputs};
  }
  return shapes;
}

TEST(ImportStyles, the_stacks_of_kairs_zoo_are_told_apart_by_their_shapes) {
  struct Case {
    TensorShapes shapes;
    const char* network;
    InputDomain input;
  };
  for (const Case& c : {Case{merged_stack(1, 64, 1, 17), "dncnn", InputDomain::gray},
                        Case{merged_stack(1, 64, 1, 20), "dncnn", InputDomain::gray},
                        Case{merged_stack(3, 64, 3, 20), "dncnn", InputDomain::rgb},
                        Case{merged_stack(5, 64, 4, 15), "ffdnet", InputDomain::gray},
                        Case{merged_stack(13, 96, 12, 12), "ffdnet", InputDomain::rgb},
                        Case{merged_stack(2, 64, 1, 20), "fdncnn", InputDomain::gray},
                        Case{merged_stack(4, 64, 3, 20), "fdncnn", InputDomain::rgb},
                        Case{merged_stack(1, 64, 1, 7), "ircnn", InputDomain::gray},
                        Case{merged_stack(3, 64, 3, 7), "ircnn", InputDomain::rgb}}) {
    const Weights plain = random_tensors(c.shapes);
    const Weights found = import_state_dict(plain);
    const NetworkParams params = params_from_metadata(found.metadata);
    EXPECT_EQ(params.network, c.network);
    EXPECT_EQ(params.input, c.input);
    EXPECT_EQ(params.residual, params.network == "dncnn" || params.network == "ircnn");
    expect_same_tensors(found, plain, c.network);
  }
}

TEST(ImportStyles, one_of_ircnns_25_networks_is_taken_and_all_at_once_are_refused) {
  const Weights one = random_tensors(merged_stack(1, 64, 1, 7));
  expect_same_tensors(import_state_dict(with_prefix(one, "12.")), one, "network 12");
  Weights all;
  for (int number = 0; number < 25; ++number) all.tensors.merge(with_prefix(one, std::to_string(number) + ".").tensors);
  try {
    (void)import_state_dict(all);
    FAIL() << "taken";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::unsupported);
    EXPECT_NE(std::string(error.what()).find("found 25"), std::string::npos) << error.what();
  }
}

// ---- Mohan et al., Kadkhodaie and Simoncelli
// -------------------------------------------------------------------------

TEST(ImportStyles, bias_free_u_net_of_mohan) {
  const TensorShapes shapes{
      {"conv1.weight", {32, 1, 5, 5}},  {"conv2.weight", {32, 32, 3, 3}}, {"conv3.weight", {64, 32, 3, 3}},
      {"conv4.weight", {64, 64, 3, 3}}, {"conv5.weight", {64, 64, 3, 3}}, {"conv6.weight", {64, 64, 3, 3}},
      {"conv7.weight", {64, 64, 4, 4}}, {"conv8.weight", {32, 96, 3, 3}}, {"conv9.weight", {1, 32, 5, 5}}};
  EXPECT_EQ(imported_params(random_tensors(shapes)), find_architecture("bfunet").examples[0]);
  TensorShapes biased = shapes;  // all but the last
  for (int number = 1; number <= 8; ++number) {
    const std::string name = "conv" + std::to_string(number);
    const Shape& kernel = shapes.find(name + ".weight")->second;
    biased[name + ".bias"] = {kernel[0]};
  }
  EXPECT_TRUE(imported_params(random_tensors(biased)).bias);
}

TEST(ImportStyles, bf_cnn_without_gammas_has_gammas_of_one) {
  NetworkParams params = find_architecture("bfcnn").examples[1];
  params.width = 6;
  Weights house = plain_example(params);
  Weights plain;
  int convolution = 0;
  int norm = 0;
  for (const Layer& layer : build_network(params).layers) {
    if (layer.kind == LayerKind::convolution)
      plain.tensors["conv_layers." + std::to_string(convolution++) + ".weight"] = house.tensors[layer.name + ".weight"];
    if (layer.kind != LayerKind::batch_scale) continue;
    std::ranges::fill(house.tensors[layer.name + ".weight"].values, 1.F);
    Tensor deviation = house.tensors[layer.name + ".running_var"];
    deviation.shape = {1, deviation.shape[0], 1, 1};
    for (float& value : deviation.values) value = std::sqrt(value);
    plain.tensors["running_sd." + std::to_string(norm++)] = deviation;
  }
  const Weights found = import_state_dict(plain);
  const NetworkParams read = params_from_metadata(found.metadata);
  EXPECT_EQ(read, params);
  // Roots and squares round once each: 1e-7 in each of four norms.
  EXPECT_LT(test::relative_difference(test::plain_result(build_network(read), found, 9, 11),
                                      test::plain_result(build_network(params), house, 9, 11)),
            2e-6);
}

TEST(ImportStyles, bf_cnn_saved_without_its_deviations_is_refused_naming_them) {
  Weights plain;
  for (int i = 0; i < 20; ++i)
    plain.tensors["conv_layers." + std::to_string(i) + ".weight"] = {
        {i == 19 ? 1 : 8, i == 0 ? 1 : 8, 3, 3},
        std::vector<float>(static_cast<std::size_t>((i == 19 ? 1 : 8) * (i == 0 ? 1 : 8) * 9))};
  for (int i = 0; i < 18; ++i)
    plain.tensors["gammas." + std::to_string(i) + ".weight"] = {{8}, std::vector<float>(8, 1.F)};
  try {
    (void)import_state_dict(plain, "bfcnn");
    FAIL() << "taken";
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("running_sd.0"), std::string::npos) << error.what();
  }
}

// ---- CBDNet ---------------------------------------------------------------------------------------------------------

TEST(ImportStyles, cbdnet_with_pools) {
  TensorShapes shapes;
  const auto convolution = [&](const std::string& name, const Shape& kernel, std::int64_t n_biases) {
    shapes[name + ".weight"] = kernel;
    shapes[name + ".bias"] = {n_biases};
  };
  const std::int64_t estimator[] = {3, 32, 32, 32, 32, 3};
  for (int i = 0; i < 5; ++i)
    convolution("fcn.fcn." + std::to_string(2 * i), {estimator[i + 1], estimator[i], 3, 3}, estimator[i + 1]);
  struct Block {
    const char* name;
    int count;
    std::int64_t in;
    std::int64_t width;
  };
  for (const Block& block : {Block{"inc", 2, 6, 64}, Block{"conv1", 3, 64, 128}, Block{"conv2", 6, 128, 256},
                             Block{"conv3", 3, 128, 128}, Block{"conv4", 2, 64, 64}})
    for (int i = 0; i < block.count; ++i)
      convolution(std::string("unet.") + block.name + "." + std::to_string(i) + ".conv.0",
                  {block.width, i == 0 ? block.in : block.width, 3, 3}, block.width);
  convolution("unet.up1.up", {256, 128, 2, 2}, 128);
  convolution("unet.up2.up", {128, 64, 2, 2}, 64);
  convolution("unet.outc.conv", {3, 64, 1, 1}, 3);
  EXPECT_EQ(needed_tensors(build_network(find_architecture("cbdnet").examples[0])), shapes);
  EXPECT_EQ(imported_params(random_tensors(shapes)), find_architecture("cbdnet").examples[0]);
}

TEST(ImportStyles, cbdnet_with_strides) {
  TensorShapes shapes;
  const auto convolution = [&](const std::string& name, std::int64_t out, std::int64_t in, std::int64_t kernel) {
    shapes[name + ".weight"] = {out, in, kernel, kernel};
    shapes[name + ".bias"] = {out};
  };
  convolution("E01", 32, 3, 3);
  for (const char* name : {"E02", "E03", "E04"}) convolution(name, 32, 32, 3);
  convolution("E05", 3, 32, 3);
  convolution("DS01_layer00", 64, 6, 3);
  for (const char* name : {"DS01_layer01", "DS01_layer02", "DS01_layer03"}) convolution(name, 64, 64, 3);
  convolution("DS02", 256, 64, 2);
  convolution("DS02_layer00_cf", 128, 256, 1);
  for (const char* name : {"DS02_layer00", "DS02_layer01", "DS02_layer02"}) convolution(name, 128, 128, 3);
  convolution("DS03", 512, 128, 2);
  convolution("DS03_layer00_cf", 256, 512, 1);
  for (const char* name :
       {"DS03_layer00", "DS03_layer01", "DS03_layer02", "UPS03_layer00", "UPS03_layer01", "UPS03_layer02"})
    convolution(name, 256, 256, 3);
  convolution("UPS03_layer03", 512, 256, 3);
  shapes["USP02.weight"] = {512, 128, 2, 2};
  for (const char* name : {"US02_layer00", "US02_layer01"}) convolution(name, 128, 128, 3);
  convolution("US02_layer02", 256, 128, 3);
  shapes["USP01.weight"] = {256, 64, 2, 2};
  for (const char* name : {"US01_layer00", "US01_layer01"}) convolution(name, 64, 64, 3);
  convolution("US01_layer02", 3, 64, 3);
  const NetworkParams params = imported_params(random_tensors(shapes));
  EXPECT_EQ(params.network, "cbdnet");
  EXPECT_EQ(params.variant, "strided");
  EXPECT_EQ(params.width, 64);
  EXPECT_EQ(needed_tensors(build_network(params)), shapes);
}

}  // namespace
}  // namespace rdenoise

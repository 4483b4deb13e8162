// SPDX-License-Identifier: LGPL-2.1-or-later
#include "deeper_start.hpp"

#include <gtest/gtest.h>

#include "torch_network.hpp"

namespace rdenoise::training {
namespace {

TorchNetwork chain(int depth, int width, std::uint64_t seed, bool batch_norm = false) {
  NetworkParams params;
  params.network = "dncnn";
  params.depth = depth;
  params.width = width;
  params.batch_norm = batch_norm;
  params.residual = true;
  return TorchNetwork(build_network(params), seed);
}

void take(TorchNetwork& network, const NamedTensors& weights) {
  torch::NoGradGuard guard;
  for (const auto& [name, tensor] : network.state()) tensor.copy_(weights.at(name));
}

// Ones and zeros times values that are there already: sums gain exact zeros only.
TEST(deeper_start, a_deeper_chain_gives_what_the_shallower_gave) {
  torch::NoGradGuard guard;
  TorchNetwork shallow = chain(3, 8, 1);
  TorchNetwork deep = chain(6, 8, 2);
  take(deep, deepened(shallow.state(), deep.state()));
  const torch::Tensor picture = torch::rand({2, 1, 12, 10});
  const torch::Tensor expected = shallow.forward(picture, {}, torch::kFloat, false);
  EXPECT_TRUE(torch::equal(deep.forward(picture, {}, torch::kFloat, false), expected));
}

TEST(deeper_start, weights_of_other_shapes_and_no_plain_chains_stay_as_they_are) {
  const TorchNetwork shallow = chain(3, 8, 1);
  const auto stays = [&](const TorchNetwork& wanted) {
    const NamedTensors result = deepened(shallow.state(), wanted.state());
    return result.size() == shallow.state().size() &&
           result.at("model.4.weight").data_ptr() == shallow.state().at("model.4.weight").data_ptr();
  };
  EXPECT_TRUE(stays(chain(3, 8, 2)));
  EXPECT_TRUE(stays(chain(2, 8, 2)));
  EXPECT_TRUE(stays(chain(6, 12, 2)));
  EXPECT_TRUE(stays(chain(6, 8, 2, true)));
}

}  // namespace
}  // namespace rdenoise::training

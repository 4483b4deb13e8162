// SPDX-License-Identifier: LGPL-2.1-or-later
// Which of oneDNN's implementations a plan gets: its reference code is hundreds of times slower than the rest.
#pragma once

#include <gtest/gtest.h>

#include <rdenoise/network.hpp>
#include <string>
#include <vector>

#include "network/onednn_convolution.hpp"
#include "network/onednn_plan.hpp"

namespace rdenoise::test {

/// No convolution of the plan, in windows of 320×32 px, falls to reference code or to a general matrix product.
inline void expect_no_reference_code(const NetworkSpec& spec, const onednn::LayoutRules& rules) {
  const onednn::ExecutionPlan plan = onednn::lower(spec, rules);
  const auto activation = [&](int index) {
    const onednn::Value& value = plan.values[static_cast<std::size_t>(index)];
    const int height = onednn::round_up(32, value.sub_grid) / value.sub_grid;
    const int width = onednn::round_up(320, value.sub_grid) / value.sub_grid;
    return onednn::Activation{nullptr, value.channels, height,         width, height,
                              width,   value.layout,   value.sub_grid, {},    value.copies};
  };
  for (const onednn::Step& step : plan.steps) {
    if (step.kind != onednn::StepKind::convolution) continue;
    const onednn::Activation src = activation(step.inputs[0]);
    const onednn::Activation dst = activation(step.output);
    const bool in_eight_bits = src.layout.element == onednn::ElementType::u8;
    const std::vector<float> scales(static_cast<std::size_t>(in_eight_bits ? dst.padded_channels() : 0), 1.F);
    const std::string name =
        onednn::choose_convolution(spec.layers[static_cast<std::size_t>(step.layer)], src, dst, step.relu, scales)
            .impl_info_str();
    EXPECT_EQ(name.find("ref"), std::string::npos) << "layer " << step.layer << ": " << name;
    EXPECT_EQ(name.find("gemm"), std::string::npos) << "layer " << step.layer << ": " << name;
  }
}

}  // namespace rdenoise::test

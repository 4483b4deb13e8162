// SPDX-License-Identifier: LGPL-2.1-or-later
// Which results bf16 keeps in f32, because rounding them would cost too much.
#pragma once

#include <rdenoise/network.hpp>
#include <string_view>
#include <vector>

namespace rdenoise {

/// Metadata entry: the names of the convolutions that lead to them, with commas between, "model.0,model.4".
inline constexpr std::string_view f32_results_key = "f32_results";

/// The relus that the entry lists. Matrix units read such a result as the sum of two bf16, at twice the work; other
/// kernels read it in bf16 like any.
///
/// throws  Error{corrupt} for a convolution whose relu is not read by undilated convolutions alone
[[nodiscard]] std::vector<int> f32_results(const NetworkSpec& spec, const Weights& weights);

}  // namespace rdenoise

// SPDX-License-Identifier: LGPL-2.1-or-later
// What a weights file tells of lower precisions: metadata entries such as "psnr_loss_db.bf16".
#include <charconv>
#include <cmath>
#include <rdenoise/error.hpp>
#include <rdenoise/model.hpp>
#include <string>

namespace rdenoise {

std::vector<PrecisionLoss> precision_losses(const Weights& weights) {
  std::vector<PrecisionLoss> losses;
  for (const Precision precision : {Precision::bf16, Precision::int8}) {
    const std::string key = "psnr_loss_db." + std::string(to_string(precision));
    const auto found = weights.metadata.find(key);
    if (found == weights.metadata.end()) continue;
    const std::string& text = found->second;
    double loss_db = 0.0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), loss_db);
    if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(loss_db))
      throw Error(ErrorCode::corrupt,
                  "reading model metadata, " + key + ": expected a number of decibels, found \"" + text + "\"");
    losses.push_back({precision, loss_db});
  }
  return losses;
}

}  // namespace rdenoise

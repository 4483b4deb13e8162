// SPDX-License-Identifier: LGPL-2.1-or-later
// A model's quality on the usual test sets, beside what the papers report.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <rdenoise/model.hpp>
#include <string>
#include <vector>

namespace rdenoise::training {

struct SetQuality {
  std::string set;  ///< as the papers call it
  std::size_t pictures = 0;
  std::vector<double> psnr_db;  ///< means over the pictures, for each sigma of the table
  std::vector<std::optional<double>> ssim;
  std::vector<double> psnr_yuv_db;  ///< over all samples of Y, U and V; empty for other inputs than yuv420
};

struct QualityTable {
  InputDomain input = InputDomain::gray;
  std::uint64_t seed = 0;
  std::vector<double> sigmas_8bit;
  std::vector<SetQuality> sets;
};

/// White noise of known σ on each picture, with the seeds and in the order of rdn eval, so that its figures come out.
/// Sets are the folders below `data` called set12, bsd68 (gray), cbsd68, kodak24 (colour and mosaics), in any case.
///
/// sigmas_8bit  those outside the model's noise range are left out; if all are, the range's middle is measured
/// report       one line of progress
/// throws  Error{not_found} if no set is below data
[[nodiscard]] QualityTable measure_quality(Model model, const std::filesystem::path& data,
                                           const std::vector<double>& sigmas_8bit, std::uint64_t seed,
                                           const std::function<void(const std::string&)>& report);

/// As Markdown, with the published figures for white noise below each set. Linear mosaics and 4:2:0 have none.
[[nodiscard]] std::string to_markdown(const QualityTable& table);

}  // namespace rdenoise::training

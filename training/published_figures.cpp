// SPDX-License-Identifier: LGPL-2.1-or-later
#include "published_figures.hpp"

#include <algorithm>
#include <array>

namespace rdenoise::training {
namespace {

constexpr std::array sigmas_8bit{15.0, 25.0, 35.0, 50.0, 75.0};
constexpr double none = 0.0;

struct Row {
  std::string_view set;
  std::string_view method;
  std::array<double, sigmas_8bit.size()> psnr_db;
};

constexpr Row rows[] = {
    {"Set12", "BM3D", {32.37, 29.97, none, 26.72, none}},
    {"Set12", "DnCNN-S", {32.86, 30.44, none, 27.18, none}},
    {"Set12", "DnCNN-B", {32.68, 30.36, none, 27.21, none}},
    {"Set12", "FFDNet", {32.75, 30.43, none, 27.32, none}},
    {"BSD68", "BM3D", {31.08, 28.57, 27.08, 25.62, 24.21}},
    {"BSD68", "DnCNN-S", {31.73, 29.23, 27.69, 26.23, 24.64}},
    {"BSD68", "DnCNN-B", {31.61, 29.16, none, 26.23, none}},
    {"BSD68", "DnCNN-3", {31.46, 29.02, none, 26.10, none}},
    {"BSD68", "FFDNet", {31.63, 29.19, 27.73, 26.29, 24.79}},
    {"CBSD68", "CBM3D", {33.52, 30.71, 28.89, 27.38, 25.74}},
    {"CBSD68", "CDnCNN", {33.89, 31.23, 29.58, 27.92, 24.47}},
    {"CBSD68", "FFDNet", {33.87, 31.21, 29.58, 27.96, 26.24}},
    {"Kodak24", "CBM3D", {34.28, 31.68, 29.90, 28.46, 26.82}},
    {"Kodak24", "CDnCNN", {34.48, 32.03, 30.46, 28.85, 25.04}},
    {"Kodak24", "FFDNet", {34.63, 32.13, 30.57, 28.98, 27.27}},
};

}  // namespace

std::vector<std::string_view> published_methods(std::string_view set) {
  std::vector<std::string_view> methods;
  for (const Row& row : rows)
    if (row.set == set) methods.push_back(row.method);
  return methods;
}

std::optional<double> published_psnr_db(std::string_view set, std::string_view method, double sigma_8bit) {
  const auto column = static_cast<std::size_t>(std::ranges::find(sigmas_8bit, sigma_8bit) - sigmas_8bit.begin());
  for (const Row& row : rows)
    if (row.set == set && row.method == method && column < row.psnr_db.size() && row.psnr_db[column] != none)
      return row.psnr_db[column];
  return std::nullopt;
}

}  // namespace rdenoise::training

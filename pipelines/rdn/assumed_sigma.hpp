// SPDX-License-Identifier: LGPL-2.1-or-later
// rdn eval --assume-sigma: what it costs to tell the model a wrong noise level.
#pragma once

#include <string>
#include <vector>

#include "command_line_classes.hpp"
#include "json_output.hpp"

namespace rdn {

struct AssumedSigmaArguments {
  std::vector<double> sigmas_8bit;  ///< that the model is told; empty: no curve
  std::string csv;                  ///< file to write; empty: none
  std::string plot;                 ///< likewise, .svg
};

/// Adds --assume-sigma, --csv and --plot.
void add_assumed_sigma_options(CLI::App& command, AssumedSigmaArguments& arguments, CLI::Option* sigma);

/// Mean PSNR over the pictures against the sigma that the model was told.
struct AssumedSigmaCurve {
  struct Point {
    double sigma_8bit;
    double psnr_db;
  };

  std::string model;
  std::size_t images = 0;
  double true_sigma_8bit = 0.0;
  double true_psnr_db = 0.0;  ///< told the true sigma
  double noisy_psnr_db = 0.0;
  std::vector<Point> points;  ///< in rising order of sigma
};

/// Writes what the arguments ask for.
/// throws  Error{io}
void write_curve(const AssumedSigmaArguments& arguments, const AssumedSigmaCurve& curve);

/// One line for each point.
void print_curve(const AssumedSigmaCurve& curve);

/// [{`sigma_8bit`, `psnr`, `psnr_change`}]; the change is against the true sigma.
[[nodiscard]] Json to_json(const AssumedSigmaCurve& curve);

}  // namespace rdn

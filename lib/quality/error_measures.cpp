// SPDX-License-Identifier: LGPL-2.1-or-later
#include <cmath>
#include <limits>
#include <rdenoise/error.hpp>
#include <rdenoise/quality.hpp>
#include <string>

#include "quality/same_shape.hpp"

namespace rdenoise {
namespace {

std::string shape_text(const Image& image) {
  return std::to_string(image.width_px()) + "x" + std::to_string(image.height_px()) + " " +
         std::string(to_string(image.color_model()));
}

template <typename Measure>
double mean_over_samples(const Image& reference, const Image& test, Measure measure) {
  require_same_shape(reference, test);
  const std::span<const float> a = reference.samples();
  const std::span<const float> b = test.samples();
  double sum = 0.0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += measure(static_cast<double>(a[i]) - b[i]);
  return sum / static_cast<double>(a.size());
}

}  // namespace

void require_same_shape(const Image& reference, const Image& test) {
  const bool same_cfa = reference.color_model() != ColorModel::bayer || reference.cfa() == test.cfa();
  if (reference.width_px() != test.width_px() || reference.height_px() != test.height_px() ||
      reference.color_model() != test.color_model() || !same_cfa) {
    throw Error(ErrorCode::invalid_argument,
                "comparing pictures: expected " + shape_text(reference) + ", found " + shape_text(test));
  }
  if (reference.samples().empty()) {
    throw Error(ErrorCode::invalid_argument, "comparing pictures: expected at least one pixel, found none");
  }
}

double l1(const Image& reference, const Image& test) {
  return mean_over_samples(reference, test, [](double difference) { return std::abs(difference); });
}

double l2(const Image& reference, const Image& test) {
  return mean_over_samples(reference, test, [](double difference) { return difference * difference; });
}

double psnr_db(const Image& reference, const Image& test) {
  const double mean_squared_error = l2(reference, test);
  if (mean_squared_error == 0.0) return std::numeric_limits<double>::infinity();
  return -10.0 * std::log10(mean_squared_error);
}

}  // namespace rdenoise

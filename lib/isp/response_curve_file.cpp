// SPDX-License-Identifier: LGPL-2.1-or-later
// Measured response curves from files.
#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <fstream>
#include <optional>
#include <rdenoise/error.hpp>
#include <rdenoise/response_curve.hpp>
#include <string_view>
#include <utility>

#include "isp/dorf_text.hpp"
#include "isp/mat5_reader.hpp"

namespace rdenoise {
namespace {

std::string two_digits(float value) { return std::to_string(value).substr(0, 6); }

/// Levels dips as deep as measurement noise; what cannot be a response is left out.
void add_curve(ResponseCurveSet& set, MeasuredCurve measured) {
  constexpr float deepest_dip = 0.01F;
  const auto leave_out = [&](const std::string& why) { set.remarks.push_back(measured.name + ": left out, " + why); };
  const auto finite = [](float value) { return std::isfinite(value); };
  if (!std::ranges::all_of(measured.irradiance, finite) || !std::ranges::all_of(measured.brightness, finite)) {
    return leave_out("it has numbers that are not finite");
  }
  float dip = 0.F;
  float highest = measured.brightness.empty() ? 0.F : measured.brightness.front();
  for (float& brightness : measured.brightness) {
    dip = std::max(dip, highest - brightness);
    highest = std::max(highest, brightness);
    brightness = highest;
  }
  if (dip > deepest_dip) return leave_out("it falls by " + two_digits(dip));
  // An inverse's irradiance may stand still where the brightness goes on; of such points one is enough.
  MeasuredCurve rising{measured.name, {}, {}};
  for (std::size_t i = 0; i < std::min(measured.irradiance.size(), measured.brightness.size()); ++i) {
    if (!rising.irradiance.empty() && measured.irradiance[i] == rising.irradiance.back()) {
      rising.brightness.back() = measured.brightness[i];
      continue;
    }
    rising.irradiance.push_back(measured.irradiance[i]);
    rising.brightness.push_back(measured.brightness[i]);
  }
  try {
    set.curves.push_back(ResponseCurve::tabulated(measured.name, rising.irradiance, rising.brightness));
  } catch (const Error& error) {
    return leave_out(error.what());
  }
  if (dip > 0.F) set.remarks.push_back(measured.name + ": a dip of " + two_digits(dip) + " was levelled");
}

const MatlabMatrix* find(const std::vector<MatlabMatrix>& matrices, std::string_view name) {
  const auto found = std::ranges::find(matrices, name, &MatlabMatrix::name);
  return found != matrices.end() ? &*found : nullptr;
}

std::vector<MeasuredCurve> curves_of(const std::vector<MatlabMatrix>& matrices, const std::string& name) {
  const MatlabMatrix* irradiance = find(matrices, "I");
  const MatlabMatrix* brightness = find(matrices, "B");
  if (irradiance == nullptr || brightness == nullptr) {
    irradiance = find(matrices, "invI");
    brightness = find(matrices, "invB");
  }
  if (irradiance == nullptr || brightness == nullptr || irradiance->row_count != brightness->row_count ||
      irradiance->column_count != brightness->column_count) {
    throw Error(ErrorCode::corrupt,
                "reading " + name + ": expected matrices I and B, or invI and invB, of one size, found none");
  }
  std::vector<MeasuredCurve> curves;
  for (std::size_t row = 0; row < irradiance->row_count; ++row) {
    MeasuredCurve curve{"curve " + std::to_string(row + 1), {}, {}};
    for (std::size_t column = 0; column < irradiance->column_count; ++column) {
      curve.irradiance.push_back(irradiance->at(row, column));
      curve.brightness.push_back(brightness->at(row, column));
    }
    curves.push_back(std::move(curve));
  }
  return curves;
}

std::vector<std::byte> file_bytes(const std::filesystem::path& path) {
  constexpr std::streamoff max_bytes = std::streamoff{256} << 20;
  std::error_code status_error;
  const auto status = std::filesystem::status(path, status_error);
  if (!std::filesystem::exists(status)) {
    throw Error(ErrorCode::not_found, "reading " + path.string() + ": expected a file, found none");
  }
  errno = 0;
  std::ifstream file(path, std::ios::binary | std::ios::ate);
  const std::streamoff size = file && std::filesystem::is_regular_file(status) ? std::streamoff{file.tellg()} : -1;
  if (size > max_bytes) {
    throw Error(ErrorCode::unsupported, "reading " + path.string() + ": expected at most " + std::to_string(max_bytes) +
                                            " bytes, found " + std::to_string(size));
  }
  std::vector<std::byte> bytes(size > 0 ? static_cast<std::size_t>(size) : 0);
  file.seekg(0);
  if (size < 0 || !file.read(reinterpret_cast<char*>(bytes.data()), size)) {
    throw Error(ErrorCode::io, "reading " + path.string() + ": " + std::strerror(errno != 0 ? errno : EIO));
  }
  return bytes;
}

}  // namespace

ResponseCurveSet read_response_curves(std::span<const std::byte> file, const std::string& name) {
  ResponseCurveSet set;
  std::vector<MeasuredCurve> curves =
      looks_like_mat5(file) ? curves_of(read_mat5(file, name), name) : read_dorf_text(file, name);
  for (MeasuredCurve& curve : curves) add_curve(set, std::move(curve));
  if (set.curves.empty()) {
    throw Error(ErrorCode::corrupt, "reading " + name + ": expected response curves, found " +
                                        (set.remarks.empty() ? "none" : "only unusable ones; " + set.remarks.front()));
  }
  return set;
}

ResponseCurveSet read_response_curves_file(const std::filesystem::path& path) {
  return read_response_curves(file_bytes(path), path.string());
}

}  // namespace rdenoise

// SPDX-License-Identifier: LGPL-2.1-or-later
// Response curves in the text form of Columbia University's Database of Response Functions.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace rdenoise {

/// As a file has it: nothing is checked but that the two columns have as many numbers.
struct MeasuredCurve {
  std::string name;
  std::vector<float> irradiance;
  std::vector<float> brightness;
};

/// A curve is six lines: name, kind of graph, "I =", irradiances, "B =", brightnesses. Empty lines are passed over.
///
/// throws  Error{unsupported} if the bytes are no such text, Error{corrupt} if they begin like it and go on otherwise
[[nodiscard]] std::vector<MeasuredCurve> read_dorf_text(std::span<const std::byte> file, const std::string& name);

}  // namespace rdenoise

// SPDX-License-Identifier: LGPL-2.1-or-later
// Matrices from MATLAB files of version 5, as far as measured curves need it. Source: The MathWorks, "MAT-File Format",
// chapter 1.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace rdenoise {

struct MatlabMatrix {
  std::string name;
  std::size_t row_count = 0;
  std::size_t column_count = 0;
  std::vector<float> values;  ///< column by column

  [[nodiscard]] float at(std::size_t row, std::size_t column) const { return values[column * row_count + row]; }
};

[[nodiscard]] bool looks_like_mat5(std::span<const std::byte> file) noexcept;

/// The real, numeric, full matrices of two dimensions, compressed or not; what else the file holds is passed over.
///
/// name    of the file, for messages
/// throws  Error{corrupt} if the bytes are damaged or lie about themselves, Error{unsupported} if the file comes from a
///         big-endian machine or has a matrix that is larger than any set of curves
[[nodiscard]] std::vector<MatlabMatrix> read_mat5(std::span<const std::byte> file, const std::string& name);

}  // namespace rdenoise

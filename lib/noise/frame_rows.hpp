// SPDX-License-Identifier: LGPL-2.1-or-later
// A frame drawn row by row on several threads.
#pragma once

#include <cstdint>
#include <functional>
#include <rdenoise/image.hpp>
#include <span>
#include <string>

namespace rdenoise {

/// throws  Error{invalid_argument} "doing: expected …" if the two are not of one colour model and size
void check_same_layout(const ConstFrameView& src, const FrameView& dst, const std::string& doing);

/// Reads each row of each channel as normalised signal, calls change(row, channel, y) and writes it; src and dst may be
/// the same memory. Rows come in any order, on up to n_threads threads (0: all cores).
void change_rows(const ConstFrameView& src, const FrameView& dst, int n_threads,
                 const std::function<void(std::span<float> row, int channel, int y_px)>& change);

}  // namespace rdenoise

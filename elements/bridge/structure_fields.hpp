// SPDX-License-Identifier: LGPL-2.1-or-later
// Arrays of numbers in a GstStructure, as GstValueArray of double.
#pragma once

#include <gst/gst.h>

#include <span>

namespace rdenoise::gst {

void set_numbers(GstStructure* structure, const char* field, std::span<const double> values);
void set_numbers(GstStructure* structure, const char* field, std::span<const float> values);

/// False, and nothing written, if the field is missing or is no array of exactly values.size() numbers.
[[nodiscard]] bool get_numbers(const GstStructure* structure, const char* field, std::span<double> values);
[[nodiscard]] bool get_numbers(const GstStructure* structure, const char* field, std::span<float> values);

}  // namespace rdenoise::gst

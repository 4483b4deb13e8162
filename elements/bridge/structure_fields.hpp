// SPDX-License-Identifier: LGPL-2.1-or-later
// Arrays of numbers in a GstStructure, as GstValueArray of double, and arrays of such arrays.
#pragma once

#include <gst/gst.h>

#include <span>
#include <vector>

namespace rdenoise::gst {

void set_numbers(GstStructure* structure, const char* field, std::span<const double> values);
void set_numbers(GstStructure* structure, const char* field, std::span<const float> values);

/// False, and nothing written, if the field is missing or is no array of exactly values.size() numbers.
[[nodiscard]] bool get_numbers(const GstStructure* structure, const char* field, std::span<double> values);
[[nodiscard]] bool get_numbers(const GstStructure* structure, const char* field, std::span<float> values);

void set_number_lists(GstStructure* structure, const char* field, const std::vector<std::vector<double>>& lists);

/// False, and nothing written, if the field is missing or is no array of arrays of numbers.
[[nodiscard]] bool get_number_lists(const GstStructure* structure, const char* field,
                                    std::vector<std::vector<double>>& lists);

}  // namespace rdenoise::gst

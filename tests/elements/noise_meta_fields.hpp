// SPDX-License-Identifier: LGPL-2.1-or-later
// The meta RdNoiseProfile as an application sees it: fields of a GstStructure, read without the plugin's own code.
#pragma once

#include <gst/gst.h>

#include <rdenoise/noise.hpp>
#include <string>
#include <vector>

namespace rdenoise::test {

/// The buffer's noise meta; null if it has none.
[[nodiscard]] GstStructure* noise_structure(GstBuffer* buffer);

/// a, b, confidence and, where there are some, level functions. Fails the test if the fields are not as documented.
[[nodiscard]] NoiseProfile read_profile(const GstStructure* structure);

void set_numbers(GstStructure* structure, const char* field, const std::vector<double>& numbers);
void set_number_lists(GstStructure* structure, const char* field, const std::vector<std::vector<double>>& lists);

}  // namespace rdenoise::test

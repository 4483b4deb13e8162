// SPDX-License-Identifier: LGPL-2.1-or-later
#include "elements/noise_meta_fields.hpp"

#include <gtest/gtest.h>

namespace rdenoise::test {
namespace {

void fill_array(GValue* array, const std::vector<double>& numbers) {
  g_value_init(array, GST_TYPE_ARRAY);
  for (const double number : numbers) {
    GValue value = G_VALUE_INIT;
    g_value_init(&value, G_TYPE_DOUBLE);
    g_value_set_double(&value, number);
    gst_value_array_append_and_take_value(array, &value);
  }
}

std::vector<double> numbers_of(const GValue* array) {
  std::vector<double> numbers;
  if (array == nullptr || !GST_VALUE_HOLDS_ARRAY(array)) {
    ADD_FAILURE() << "no array of numbers";
    return numbers;
  }
  for (guint i = 0; i < gst_value_array_get_size(array); ++i)
    numbers.push_back(g_value_get_double(gst_value_array_get_value(array, i)));
  return numbers;
}

}  // namespace

GstStructure* noise_structure(GstBuffer* buffer) {
  GstCustomMeta* meta = gst_buffer_get_custom_meta(buffer, "RdNoiseProfile");
  return meta != nullptr ? gst_custom_meta_get_structure(meta) : nullptr;
}

NoiseProfile read_profile(const GstStructure* structure) {
  NoiseProfile profile;
  if (structure == nullptr) {
    ADD_FAILURE() << "no noise profile";
    return profile;
  }
  const std::vector<double> a = numbers_of(gst_structure_get_value(structure, "a"));
  const std::vector<double> b = numbers_of(gst_structure_get_value(structure, "b"));
  EXPECT_EQ(a.size(), b.size());
  EXPECT_TRUE(gst_structure_get_double(structure, "confidence", &profile.confidence));
  profile.channel_count = static_cast<int>(a.size());
  const GValue* functions = gst_structure_get_value(structure, "level-function");
  for (std::size_t c = 0; c < a.size(); ++c) {
    profile.channels[c] = {a[c], b[c], {}};
    if (functions == nullptr) continue;
    const std::vector<double> variance = numbers_of(gst_value_array_get_value(functions, static_cast<guint>(c)));
    if (variance.empty()) continue;
    NoiseLevelFunction& function = profile.channels[c].level_function.emplace();
    EXPECT_EQ(variance.size(), function.variance.size());
    for (std::size_t i = 0; i < variance.size(); ++i) function.variance[i] = static_cast<float>(variance[i]);
  }
  return profile;
}

void set_numbers(GstStructure* structure, const char* field, const std::vector<double>& numbers) {
  GValue array = G_VALUE_INIT;
  fill_array(&array, numbers);
  gst_structure_take_value(structure, field, &array);
}

void set_number_lists(GstStructure* structure, const char* field, const std::vector<std::vector<double>>& lists) {
  GValue outer = G_VALUE_INIT;
  g_value_init(&outer, GST_TYPE_ARRAY);
  for (const std::vector<double>& list : lists) {
    GValue inner = G_VALUE_INIT;
    fill_array(&inner, list);
    gst_value_array_append_and_take_value(&outer, &inner);
  }
  gst_structure_take_value(structure, field, &outer);
}

}  // namespace rdenoise::test

// SPDX-License-Identifier: LGPL-2.1-or-later
#include "bridge/structure_fields.hpp"

namespace rdenoise::gst {
namespace {

template <typename Number>
void set_array(GstStructure* structure, const char* field, std::span<const Number> values) {
  GValue array = G_VALUE_INIT;
  g_value_init(&array, GST_TYPE_ARRAY);
  for (const Number number : values) {
    GValue value = G_VALUE_INIT;
    g_value_init(&value, G_TYPE_DOUBLE);
    g_value_set_double(&value, number);
    gst_value_array_append_and_take_value(&array, &value);
  }
  gst_structure_take_value(structure, field, &array);
}

template <typename Number>
bool get_array(const GstStructure* structure, const char* field, std::span<Number> values) {
  const GValue* array = gst_structure_get_value(structure, field);
  if (array == nullptr || !GST_VALUE_HOLDS_ARRAY(array) || gst_value_array_get_size(array) != values.size()) {
    return false;
  }
  for (guint i = 0; i < values.size(); ++i) {
    if (!G_VALUE_HOLDS_DOUBLE(gst_value_array_get_value(array, i))) return false;
  }
  for (guint i = 0; i < values.size(); ++i) {
    values[i] = static_cast<Number>(g_value_get_double(gst_value_array_get_value(array, i)));
  }
  return true;
}

}  // namespace

void set_numbers(GstStructure* structure, const char* field, std::span<const double> values) {
  set_array(structure, field, values);
}
void set_numbers(GstStructure* structure, const char* field, std::span<const float> values) {
  set_array(structure, field, values);
}
bool get_numbers(const GstStructure* structure, const char* field, std::span<double> values) {
  return get_array(structure, field, values);
}
bool get_numbers(const GstStructure* structure, const char* field, std::span<float> values) {
  return get_array(structure, field, values);
}

}  // namespace rdenoise::gst

// SPDX-License-Identifier: LGPL-2.1-or-later
#include "bridge/structure_fields.hpp"

namespace rdenoise::gst {
namespace {

template <typename Number>
void fill_array(GValue* array, std::span<const Number> values) {
  g_value_init(array, GST_TYPE_ARRAY);
  for (const Number number : values) {
    GValue value = G_VALUE_INIT;
    g_value_init(&value, G_TYPE_DOUBLE);
    g_value_set_double(&value, number);
    gst_value_array_append_and_take_value(array, &value);
  }
}

template <typename Number>
void set_array(GstStructure* structure, const char* field, std::span<const Number> values) {
  GValue array = G_VALUE_INIT;
  fill_array(&array, values);
  gst_structure_take_value(structure, field, &array);
}

bool is_array_of_numbers(const GValue* array) {
  if (array == nullptr || !GST_VALUE_HOLDS_ARRAY(array)) return false;
  for (guint i = 0; i < gst_value_array_get_size(array); ++i) {
    if (!G_VALUE_HOLDS_DOUBLE(gst_value_array_get_value(array, i))) return false;
  }
  return true;
}

template <typename Number>
bool get_array(const GstStructure* structure, const char* field, std::span<Number> values) {
  const GValue* array = gst_structure_get_value(structure, field);
  if (!is_array_of_numbers(array) || gst_value_array_get_size(array) != values.size()) return false;
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

void set_number_lists(GstStructure* structure, const char* field, const std::vector<std::vector<double>>& lists) {
  GValue outer = G_VALUE_INIT;
  g_value_init(&outer, GST_TYPE_ARRAY);
  for (const std::vector<double>& list : lists) {
    GValue inner = G_VALUE_INIT;
    fill_array(&inner, std::span<const double>(list));
    gst_value_array_append_and_take_value(&outer, &inner);
  }
  gst_structure_take_value(structure, field, &outer);
}

bool get_number_lists(const GstStructure* structure, const char* field, std::vector<std::vector<double>>& lists) {
  const GValue* outer = gst_structure_get_value(structure, field);
  if (outer == nullptr || !GST_VALUE_HOLDS_ARRAY(outer)) return false;
  std::vector<std::vector<double>> found(gst_value_array_get_size(outer));
  for (guint i = 0; i < found.size(); ++i) {
    const GValue* inner = gst_value_array_get_value(outer, i);
    if (!is_array_of_numbers(inner)) return false;
    for (guint k = 0; k < gst_value_array_get_size(inner); ++k) {
      found[i].push_back(g_value_get_double(gst_value_array_get_value(inner, k)));
    }
  }
  lists = std::move(found);
  return true;
}

}  // namespace rdenoise::gst

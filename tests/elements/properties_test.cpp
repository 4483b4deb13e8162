// SPDX-License-Identifier: LGPL-2.1-or-later
#include <gst/gst.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>

namespace rdenoise::test {
namespace {

struct ObjectUnref {
  void operator()(GstElement* element) const { gst_object_unref(element); }
};
using Element = std::unique_ptr<GstElement, ObjectUnref>;

Element make(const char* name) { return Element(gst_element_factory_make(name, nullptr)); }

double number(const Element& element, const char* property) {
  double value = -99.0;
  g_object_get(element.get(), property, &value, nullptr);
  return value;
}

TEST(Properties, of_rdenoise_start_at_their_documented_values) {
  const Element rdenoise = make("rdenoise");
  ASSERT_NE(rdenoise, nullptr);
  gchar* model = nullptr;
  int tile_size = -1;
  int n_threads = -1;
  gboolean qos = TRUE;
  gboolean stabilise_variance = TRUE;
  gchar* picture_class = nullptr;
  gchar* current_picture_class = nullptr;
  g_object_get(rdenoise.get(), "model", &model, "tile-size", &tile_size, "n-threads", &n_threads, "qos", &qos,
               "stabilise-variance", &stabilise_variance, "picture-class", &picture_class, "current-picture-class",
               &current_picture_class, nullptr);
  EXPECT_STREQ(picture_class, "auto");
  g_free(picture_class);
  EXPECT_EQ(current_picture_class, nullptr);
  EXPECT_EQ(model, nullptr);
  EXPECT_EQ(number(rdenoise, "sigma"), -1.0);
  EXPECT_EQ(number(rdenoise, "strength"), 1.0);
  EXPECT_EQ(tile_size, 0);
  EXPECT_EQ(n_threads, 0);
  EXPECT_FALSE(stabilise_variance);
  EXPECT_FALSE(qos) << "a photo must not be dropped for being late";
  EXPECT_EQ(gst_plugin_feature_get_rank(GST_PLUGIN_FEATURE(gst_element_get_factory(rdenoise.get()))),
            static_cast<guint>(GST_RANK_NONE));
}

TEST(Properties, precision_takes_its_four_words) {
  const Element rdenoise = make("rdenoise");
  for (const char* word : {"auto", "f32", "bf16", "int8"}) {
    gst_util_set_object_arg(G_OBJECT(rdenoise.get()), "precision", word);
    GValue value = G_VALUE_INIT;
    GParamSpec* spec = g_object_class_find_property(G_OBJECT_GET_CLASS(rdenoise.get()), "precision");
    g_value_init(&value, spec->value_type);
    g_object_get_property(G_OBJECT(rdenoise.get()), "precision", &value);
    gchar* text = gst_value_serialize(&value);
    EXPECT_STREQ(text, word);
    g_free(text);
    g_value_unset(&value);
  }
}

TEST(Properties, every_property_comes_back_as_it_was_set) {
  for (const char* name : {"rdenoise", "rdnoise", "rdnoiseest", "rddevelop"}) {
    const Element element = make(name);
    guint count = 0;
    GParamSpec** specs = g_object_class_list_properties(G_OBJECT_GET_CLASS(element.get()), &count);
    for (guint i = 0; i < count; ++i) {
      // Only those that the element itself brings.
      if (specs[i]->owner_type != G_OBJECT_TYPE(element.get()) || !(specs[i]->flags & G_PARAM_WRITABLE)) continue;
      EXPECT_GT(std::string(g_param_spec_get_blurb(specs[i])).size(), 10U) << name << " " << specs[i]->name;
      GValue set = G_VALUE_INIT;
      g_value_init(&set, specs[i]->value_type);
      if (G_IS_PARAM_SPEC_DOUBLE(specs[i])) {
        g_value_set_double(&set, G_PARAM_SPEC_DOUBLE(specs[i])->maximum);
      } else if (G_IS_PARAM_SPEC_INT(specs[i])) {
        g_value_set_int(&set, G_PARAM_SPEC_INT(specs[i])->maximum);
      } else if (G_IS_PARAM_SPEC_UINT64(specs[i])) {
        g_value_set_uint64(&set, G_PARAM_SPEC_UINT64(specs[i])->maximum);
      } else if (G_IS_PARAM_SPEC_ENUM(specs[i])) {
        g_value_set_enum(&set, G_PARAM_SPEC_ENUM(specs[i])->enum_class->maximum);
      } else if (G_IS_PARAM_SPEC_BOOLEAN(specs[i])) {
        g_value_set_boolean(&set, !g_value_get_boolean(g_param_spec_get_default_value(specs[i])));
      } else {
        g_value_set_static_string(&set, "some text");
      }
      GValue got = G_VALUE_INIT;
      g_value_init(&got, specs[i]->value_type);
      g_object_set_property(G_OBJECT(element.get()), specs[i]->name, &set);
      g_object_get_property(G_OBJECT(element.get()), specs[i]->name, &got);
      EXPECT_EQ(g_param_values_cmp(specs[i], &set, &got), 0) << name << " " << specs[i]->name;
      g_value_unset(&set);
      g_value_unset(&got);
    }
    g_free(specs);
  }
}

}  // namespace
}  // namespace rdenoise::test

// SPDX-License-Identifier: LGPL-2.1-or-later
#include "raw_tags.hpp"

#include <gst/tag/tag.h>

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace rdenoise::gst {
namespace {

/// GStreamer's names for EXIF orientation 1 … 8.
constexpr const char* orientation_names[] = {"rotate-0",        "flip-rotate-0", "rotate-180",     "flip-rotate-180",
                                             "flip-rotate-270", "rotate-90",     "flip-rotate-90", "rotate-270"};

void add(GstTagList* tags, const char* tag, auto value) {
  gst_tag_list_add(tags, GST_TAG_MERGE_REPLACE, tag, value, nullptr);
}

void add_shutter_speed(GstTagList* tags, float exposure_s) {
  // Cameras write 1/n below about a third of a second; the float holds a little more or less.
  int numerator = 1;
  int denominator = static_cast<int>(std::lround(1.0 / std::max(exposure_s, 1e-6F)));
  if (exposure_s > 0.34F) gst_util_double_to_fraction(std::round(exposure_s * 10.0) / 10.0, &numerator, &denominator);
  GValue value = G_VALUE_INIT;
  g_value_init(&value, GST_TYPE_FRACTION);
  gst_value_set_fraction(&value, numerator, denominator);
  gst_tag_list_add_value(tags, GST_TAG_MERGE_REPLACE, GST_TAG_CAPTURING_SHUTTER_SPEED, &value);
  g_value_unset(&value);
}

void add_date_time(GstTagList* tags, const std::string& text) {
  int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0;
  if (std::sscanf(text.c_str(), "%d:%d:%d %d:%d:%d", &year, &month, &day, &hour, &minute, &second) != 6) return;
  // EXIF says no time zone.
  GstDateTime* date_time = gst_date_time_new_local_time(year, month, day, hour, minute, second);
  if (date_time == nullptr) return;
  add(tags, GST_TAG_DATE_TIME, date_time);
  gst_date_time_unref(date_time);
}

}  // namespace

GstTagList* make_raw_tags(const RawMetadata& metadata) {
  GstTagList* tags = gst_tag_list_new_empty();
  if (!metadata.make.empty()) add(tags, GST_TAG_DEVICE_MANUFACTURER, metadata.make.c_str());
  if (!metadata.model.empty()) add(tags, GST_TAG_DEVICE_MODEL, metadata.model.c_str());
  if (metadata.iso > 0.F) add(tags, GST_TAG_CAPTURING_ISO_SPEED, static_cast<int>(std::lround(metadata.iso)));
  if (metadata.exposure_s > 0.F) add_shutter_speed(tags, metadata.exposure_s);
  if (metadata.aperture_f > 0.F) add(tags, GST_TAG_CAPTURING_FOCAL_RATIO, static_cast<double>(metadata.aperture_f));
  if (metadata.focal_length_mm > 0.F) {
    add(tags, GST_TAG_CAPTURING_FOCAL_LENGTH, static_cast<double>(metadata.focal_length_mm));
  }
  if (metadata.orientation >= 1 && metadata.orientation <= 8) {
    add(tags, GST_TAG_IMAGE_ORIENTATION, orientation_names[metadata.orientation - 1]);
  }
  add_date_time(tags, metadata.date_time);
  return tags;
}

}  // namespace rdenoise::gst

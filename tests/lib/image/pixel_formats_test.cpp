// SPDX-License-Identifier: LGPL-2.1-or-later
#include <gtest/gtest.h>

#include <map>
#include <rdenoise/error.hpp>
#include <rdenoise/image.hpp>
#include <set>
#include <string>

namespace rdenoise {
namespace {

/// Frame memory as GStreamer lays it out, with more padding than it needs.
struct FrameMemory {
  FrameMemory(const PixelFormat& format, int width_px, int height_px, std::byte fill) {
    constexpr int padding_bytes = 11;
    for (int plane = 0; plane < format.plane_count; ++plane) {
      int row_bytes = 0;
      for (int c = 0; c < format.channel_count; ++c) {
        const ChannelLayout& layout = format.channels[c];
        if (layout.plane != plane) continue;
        const int channel_width = (width_px + (1 << layout.log2_subsampling_x) - 1) >> layout.log2_subsampling_x;
        row_bytes = std::max(row_bytes, channel_width * layout.pixel_stride_bytes);
      }
      bytes.emplace_back(static_cast<std::size_t>(row_bytes + padding_bytes) * height_px, fill);
      planes.push_back({bytes.back().data(), row_bytes + padding_bytes});
    }
  }

  std::vector<std::vector<std::byte>> bytes;
  std::vector<PlaneMemory> planes;
};

class EveryFormat : public testing::TestWithParam<PixelFormat> {};

TEST_P(EveryFormat, read_and_written_back_is_the_same_at_odd_sizes_and_nothing_else_is_touched) {
  const PixelFormat& format = GetParam();
  for (const auto& [width_px, height_px] : {std::pair{1, 1}, {2, 1}, {1, 3}, {5, 4}, {37, 19}, {64, 8}}) {
    FrameMemory src(format, width_px, height_px, std::byte{0});
    const unsigned sample_mask = ((1U << format.sample.bit_depth) - 1U) << format.sample.shift_bits;
    std::uint32_t state = 7;
    for (auto& plane : src.bytes) {
      for (std::size_t i = 0; i < plane.size(); ++i) {
        // Only bits that the format uses.
        const unsigned mask = sample_mask >> (format.sample.type == SampleType::u16 && i % 2 == 1 ? 8 : 0);
        plane[i] = static_cast<std::byte>((state = state * 1664525U + 1013904223U) >> 24 & mask);
      }
    }
    // Odd strides would move 16-bit samples to odd addresses in every second row, where the mask above is wrong.
    if (format.sample.type == SampleType::u16) {
      for (auto& plane : src.planes) plane.stride_bytes -= plane.stride_bytes % 2;
    }
    constexpr std::byte untouched{0xAA};
    FrameMemory dst(format, width_px, height_px, untouched);
    for (std::size_t i = 0; i < dst.planes.size(); ++i) dst.planes[i].stride_bytes = src.planes[i].stride_bytes;

    const FrameLevels levels = default_levels(format, true);
    const std::vector<ConstPlaneMemory> const_planes = [&] {
      std::vector<ConstPlaneMemory> planes;
      for (const PlaneMemory& plane : src.planes) planes.push_back({plane.data, plane.stride_bytes});
      return planes;
    }();
    const ConstFrameView from = make_frame_view(format, width_px, height_px, const_planes, levels);
    const FrameView to = make_frame_view(format, width_px, height_px, dst.planes, levels);
    std::set<const std::byte*> covered;
    for (int c = 0; c < from.channel_count; ++c) {
      const ChannelView& channel = to.channels[c];
      std::vector<float> row(channel.width_px);
      for (int y = 0; y < channel.height_px; ++y) {
        read_row(from.channels[c], y, 0, row);
        write_row(channel, y, 0, row);
        for (int x = 0; x < channel.width_px; ++x) {
          const std::byte* pixel = channel.data + y * channel.row_stride_bytes + x * channel.pixel_stride_bytes;
          for (int i = 0; i < sample_size_bytes(format.sample.type); ++i) {
            EXPECT_TRUE(covered.insert(pixel + i).second) << "two channels share a byte";
          }
        }
      }
    }
    for (std::size_t plane = 0; plane < dst.bytes.size(); ++plane) {
      for (std::size_t i = 0; i < dst.bytes[plane].size(); ++i) {
        const std::byte expected = covered.contains(&dst.bytes[plane][i]) ? src.bytes[plane][i] : untouched;
        ASSERT_EQ(dst.bytes[plane][i], expected)
            << "plane " << plane << " byte " << i << " of " << width_px << "x" << height_px;
      }
    }
  }
}

TEST_P(EveryFormat, is_found_by_its_name) {
  const PixelFormat* const found = find_pixel_format(GetParam().name);
  ASSERT_NE(found, nullptr);
  EXPECT_EQ(found->name, GetParam().name);
}

TEST_P(EveryFormat, refuses_what_does_not_fit) {
  const PixelFormat& format = GetParam();
  FrameMemory memory(format, 9, 7, std::byte{0});
  const FrameLevels levels = default_levels(format, false);
  const auto code_of = [&](int width_px, int height_px, std::vector<PlaneMemory> planes) {
    try {
      static_cast<void>(make_frame_view(format, width_px, height_px, planes, levels));
    } catch (const Error& error) {
      return error.code();
    }
    return ErrorCode::internal;
  };
  std::vector<PlaneMemory> one_more = memory.planes;
  one_more.push_back(memory.planes[0]);
  std::vector<PlaneMemory> no_memory = memory.planes;
  no_memory.back().data = nullptr;
  std::vector<PlaneMemory> narrow = memory.planes;
  narrow.back().stride_bytes = 2;
  EXPECT_EQ(code_of(0, 7, memory.planes), ErrorCode::invalid_argument);
  EXPECT_EQ(code_of(9, -1, memory.planes), ErrorCode::invalid_argument);
  EXPECT_EQ(code_of(9, 7, one_more), ErrorCode::invalid_argument);
  EXPECT_EQ(code_of(9, 7, {}), ErrorCode::invalid_argument);
  EXPECT_EQ(code_of(9, 7, no_memory), ErrorCode::invalid_argument);
  EXPECT_EQ(code_of(9, 7, narrow), ErrorCode::invalid_argument);
}

INSTANTIATE_TEST_SUITE_P(PixelFormats, EveryFormat, testing::ValuesIn(pixel_formats().begin(), pixel_formats().end()),
                         [](const auto& info) { return std::string(info.param.name); });

TEST(PixelFormats, hold_every_promised_name_once) {
  std::set<std::string_view> expected = {
      "GRAY8", "GRAY16_LE", "I420", "YV12", "NV12", "Y42B", "Y444", "I420_10LE", "RGB",       "P010_10LE", "BGR",
      "RGBx",  "BGRx",      "xRGB", "xBGR", "RGBA", "BGRA", "ARGB", "ABGR",      "RGBA64_LE", "ARGB64_LE"};
  std::set<std::string> bayer_names;
  for (const char* phase : {"rggb", "grbg", "gbrg", "bggr"}) {
    for (const char* depth : {"", "10le", "12le", "14le", "16le"}) bayer_names.insert(std::string(phase) + depth);
  }
  expected.insert(bayer_names.begin(), bayer_names.end());
  std::set<std::string_view> found;
  for (const PixelFormat& format : pixel_formats()) EXPECT_TRUE(found.insert(format.name).second) << format.name;
  EXPECT_EQ(found, expected);
}

TEST(PixelFormats, unknown_names_are_not_found) {
  EXPECT_EQ(find_pixel_format("rggb10be"), nullptr);
  EXPECT_EQ(find_pixel_format(""), nullptr);
}

TEST(PixelFormats, channels_lie_where_gstreamer_puts_them) {
  struct Place {
    int plane;
    int offset_bytes;
    int pixel_stride_bytes;
    bool operator==(const Place&) const = default;
  };
  const std::map<std::string_view, std::vector<Place>> expected = {
      {"YV12", {{0, 0, 1}, {2, 0, 1}, {1, 0, 1}}},      {"NV12", {{0, 0, 1}, {1, 0, 2}, {1, 1, 2}}},
      {"P010_10LE", {{0, 0, 2}, {1, 0, 4}, {1, 2, 4}}}, {"BGR", {{0, 2, 3}, {0, 1, 3}, {0, 0, 3}}},
      {"BGRx", {{0, 2, 4}, {0, 1, 4}, {0, 0, 4}}},      {"xBGR", {{0, 3, 4}, {0, 2, 4}, {0, 1, 4}}},
      {"ARGB", {{0, 1, 4}, {0, 2, 4}, {0, 3, 4}}},      {"ABGR", {{0, 3, 4}, {0, 2, 4}, {0, 1, 4}}},
      {"RGBA64_LE", {{0, 0, 8}, {0, 2, 8}, {0, 4, 8}}}, {"ARGB64_LE", {{0, 2, 8}, {0, 4, 8}, {0, 6, 8}}}};
  for (const auto& [name, places] : expected) {
    const PixelFormat* const format = find_pixel_format(name);
    ASSERT_NE(format, nullptr);
    for (int c = 0; c < 3; ++c) {
      const ChannelLayout& layout = format->channels[c];
      EXPECT_EQ((Place{layout.plane, layout.offset_bytes, layout.pixel_stride_bytes}), places[c]) << name << " " << c;
    }
  }
}

TEST(PixelFormats, chroma_of_odd_sizes_is_rounded_up) {
  const PixelFormat& format = *find_pixel_format("I420");
  FrameMemory memory(format, 5, 3, std::byte{0});
  const FrameView view = make_frame_view(format, 5, 3, memory.planes, default_levels(format, false));
  EXPECT_EQ(view.channels[1].width_px, 3);
  EXPECT_EQ(view.channels[2].height_px, 2);
}

TEST(BayerFrames, sites_of_odd_mosaics_differ_in_size_and_start_in_cell_order) {
  const PixelFormat& format = *find_pixel_format("grbg12le");
  FrameMemory memory(format, 5, 3, std::byte{0});
  FrameLevels levels = default_levels(format, false);
  for (int site = 0; site < 4; ++site) levels.channels[site].black_dn = static_cast<float>(100 + site);
  const FrameView view = make_frame_view(format, 5, 3, memory.planes, levels);
  ASSERT_EQ(view.channel_count, 4);
  EXPECT_EQ(view.cfa, CfaPattern::grbg);
  const std::ptrdiff_t stride = memory.planes[0].stride_bytes;
  const std::array<std::ptrdiff_t, 4> offsets = {0, 2, stride, stride + 2};
  const std::array<std::pair<int, int>, 4> sizes = {{{3, 2}, {2, 2}, {3, 1}, {2, 1}}};
  for (int site = 0; site < 4; ++site) {
    const ChannelView& channel = view.channels[site];
    EXPECT_EQ(channel.data - memory.planes[0].data, offsets[site]);
    EXPECT_EQ((std::pair{channel.width_px, channel.height_px}), sizes[site]);
    EXPECT_EQ(channel.levels.black_dn, static_cast<float>(100 + site));
    EXPECT_EQ(channel.row_stride_bytes, 2 * stride);
  }
}

TEST(DefaultLevels, full_range_spans_the_bit_depth) {
  EXPECT_EQ(default_levels(*find_pixel_format("GRAY8"), false).channels[0], (Levels{0, 255}));
  EXPECT_EQ(default_levels(*find_pixel_format("P010_10LE"), false).channels[2], (Levels{0, 1023}));
  EXPECT_EQ(default_levels(*find_pixel_format("bggr14le"), true).channels[3], (Levels{0, 16383}));
}

TEST(DefaultLevels, limited_range_of_yuv_puts_neutral_chroma_at_one_half) {
  for (const char* name : {"I420", "NV12", "Y444", "I420_10LE", "P010_10LE"}) {
    const PixelFormat& format = *find_pixel_format(name);
    const FrameLevels levels = default_levels(format, true);
    const auto step = static_cast<float>(1 << (format.sample.bit_depth - 8));
    EXPECT_EQ(levels.channels[0], (Levels{16 * step, 235 * step})) << name;
    for (const int c : {1, 2}) {
      const Levels& chroma = levels.channels[c];
      EXPECT_EQ((128 * step - chroma.black_dn) / (chroma.white_dn - chroma.black_dn), 0.5F) << name;
    }
  }
}

}  // namespace
}  // namespace rdenoise

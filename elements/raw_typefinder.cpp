// SPDX-License-Identifier: LGPL-2.1-or-later
#include "raw_typefinder.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string_view>

namespace rdenoise::gst {
namespace {

using namespace std::string_view_literals;

struct Magic {
  std::size_t offset;
  std::string_view bytes;
};

/// Starts that belong to RAW alone.
constexpr Magic raw_magics[] = {
    {0, "FUJIFILMCCD-RAW "sv},  // Fujifilm RAF
    {6, "HEAPCCDR"sv},          // Canon CRW
    {8, "CR\x02\x00"sv},        // Canon CR2
    {4, "ftypcrx "sv},          // Canon CR3
    {0, "II\x55\x00"sv},        // Panasonic RW2
    {0, "IIRO"sv},
    {0, "IIRS"sv},
    {0, "MMOR"sv},     // Olympus ORF
    {0, "\x00MRM"sv},  // Minolta MRW
};
constexpr Magic tiff_magics[] = {{0, "II\x2A\x00"sv}, {0, "MM\x00\x2A"sv}};
constexpr std::size_t head_bytes = 16;

bool has(std::span<const std::byte> head, const Magic& magic) noexcept {
  return head.size() >= magic.offset + magic.bytes.size() &&
         std::memcmp(head.data() + magic.offset, magic.bytes.data(), magic.bytes.size()) == 0;
}

bool has_any(std::span<const std::byte> head, std::span<const Magic> magics) noexcept {
  return std::ranges::any_of(magics, [&](const Magic& magic) { return has(head, magic); });
}

/// Reads numbers of a TIFF file through the typefinder's window.
class TiffPeeker {
 public:
  TiffPeeker(GstTypeFind* find, bool big_endian) : find_(find), big_endian_(big_endian) {}

  [[nodiscard]] std::optional<std::uint32_t> u16(std::uint64_t offset) const {
    const guint8* data = gst_type_find_peek(find_, static_cast<gint64>(offset), 2);
    if (data == nullptr) return std::nullopt;
    return big_endian_ ? GST_READ_UINT16_BE(data) : GST_READ_UINT16_LE(data);
  }
  [[nodiscard]] std::optional<std::uint32_t> u32(std::uint64_t offset) const {
    const guint8* data = gst_type_find_peek(find_, static_cast<gint64>(offset), 4);
    if (data == nullptr) return std::nullopt;
    return big_endian_ ? GST_READ_UINT32_BE(data) : GST_READ_UINT32_LE(data);
  }

 private:
  GstTypeFind* find_;
  bool big_endian_;
};

constexpr std::uint32_t tag_photometric = 262;
constexpr std::uint32_t tag_sub_ifds = 330;
constexpr std::uint32_t tag_cfa_pattern = 33422;
constexpr std::uint32_t tag_dng_version = 50706;
constexpr std::uint32_t photometric_cfa = 32803;
constexpr std::uint32_t max_entries = 512;
constexpr std::uint32_t max_sub_ifds = 8;

bool directory_is_raw(const TiffPeeker& tiff, std::uint32_t ifd_offset, bool follow_sub_ifds) {
  const std::uint32_t count = std::min(tiff.u16(ifd_offset).value_or(0), max_entries);
  for (std::uint32_t i = 0; i < count; ++i) {
    const std::uint64_t entry = std::uint64_t{ifd_offset} + 2 + 12 * i;
    const auto tag = tiff.u16(entry);
    if (!tag) return false;
    if (*tag == tag_dng_version || *tag == tag_cfa_pattern) return true;
    if (*tag == tag_photometric && tiff.u16(entry + 8) == photometric_cfa) return true;
    if (*tag == tag_sub_ifds && follow_sub_ifds) {
      const std::uint32_t sub_count = tiff.u32(entry + 4).value_or(0);
      // A single offset lies in the entry itself.
      const std::uint64_t list = sub_count == 1 ? entry + 8 : tiff.u32(entry + 8).value_or(0);
      for (std::uint32_t s = 0; s < std::min(sub_count, max_sub_ifds); ++s) {
        const auto sub_ifd = tiff.u32(list + 4 * s);
        if (sub_ifd && directory_is_raw(tiff, *sub_ifd, false)) return true;
      }
    }
  }
  return false;
}

void find_raw(GstTypeFind* find, gpointer) {
  const guint8* data = gst_type_find_peek(find, 0, head_bytes);
  if (data == nullptr) return;
  const std::span head(reinterpret_cast<const std::byte*>(data), head_bytes);
  bool raw = has_any(head, raw_magics);
  if (!raw && has_any(head, tiff_magics)) {
    const TiffPeeker tiff(find, data[0] == 'M');
    raw = directory_is_raw(tiff, tiff.u32(4).value_or(0), true);
  }
  // The typefinder of image/tiff is as sure of every TIFF: a draw goes to the one that is asked first.
  if (raw) gst_type_find_suggest_simple(find, GST_TYPE_FIND_MAXIMUM, raw_photo_media_type, nullptr, nullptr);
}

}  // namespace

gboolean register_raw_typefinder(GstPlugin* plugin) {
  GstCaps* caps = gst_caps_new_empty_simple(raw_photo_media_type);
  // tif and tiff too: a typefinder that claims the file's ending is asked first, and some RAW files bear these.
  const gboolean registered = gst_type_find_register(
      plugin, raw_photo_media_type, GST_RANK_PRIMARY + 64, find_raw,
      "dng,crw,cr2,cr3,nef,nrw,arw,sr2,raf,rw2,orf,pef,mrw,kdc,dcr,srw,erf,3fr,gpr,tif,tiff", caps, nullptr, nullptr);
  gst_caps_unref(caps);
  return registered;
}

bool starts_like_raw(std::span<const std::byte> head) noexcept {
  return has_any(head, raw_magics) || has_any(head, tiff_magics);
}

}  // namespace rdenoise::gst

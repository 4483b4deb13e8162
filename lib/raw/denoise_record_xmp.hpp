// SPDX-License-Identifier: LGPL-2.1-or-later
// The record of what was denoised, as properties in a file's XMP packet (XMP specification, part 1: RDF/XML).
#pragma once

#include <optional>
#include <rdenoise/raw.hpp>
#include <string>
#include <string_view>

namespace rdenoise {

/// Nothing if the packet has no record. Written as attributes or as elements: other programs turn one into the other.
[[nodiscard]] std::optional<DenoiseRecord> parse_denoise_record(std::string_view xmp);

/// The packet without a record.
[[nodiscard]] std::string without_denoise_record(std::string xmp);

/// `xmp`, which has no record, with this one; a new packet if it is empty or no RDF.
[[nodiscard]] std::string with_denoise_record(std::string_view xmp, const DenoiseRecord& record);

/// With the wrapper that marks a packet, if it has none: some programs find XMP by it.
[[nodiscard]] std::string wrapped_packet(std::string xmp);

}  // namespace rdenoise

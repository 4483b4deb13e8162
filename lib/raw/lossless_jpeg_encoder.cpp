// SPDX-License-Identifier: LGPL-2.1-or-later
#include "raw/lossless_jpeg_encoder.hpp"

#include <array>
#include <bit>

#include "raw/huffman_code.hpp"

namespace rdenoise {
namespace {

/// Bits from the most significant on, as JPEG packs them.
class BitWriter {
 public:
  explicit BitWriter(std::vector<std::byte>& bytes) : bytes_(bytes) {}

  /// At most 32 bits.
  void put(std::uint32_t bits, int count) {
    pending_ = pending_ << count | bits;
    pending_bits_ += count;
    while (pending_bits_ >= 8) {
      pending_bits_ -= 8;
      put_byte(static_cast<std::uint8_t>(pending_ >> pending_bits_));
    }
  }
  /// Ones up to the next whole byte.
  void finish() {
    if (pending_bits_ > 0) put((1U << (8 - pending_bits_)) - 1, 8 - pending_bits_);
  }

 private:
  void put_byte(std::uint8_t byte) {
    bytes_.push_back(std::byte{byte});
    if (byte == 0xFF) bytes_.push_back(std::byte{0});  // else it would begin a marker
  }

  std::vector<std::byte>& bytes_;
  std::uint64_t pending_ = 0;
  int pending_bits_ = 0;
};

/// Calls use(difference) for each sample in the order of the scan. Differences count modulo 2¹⁶.
template <typename Use>
void for_each_difference(std::span<const std::uint16_t> samples, int width_px, int height_px, int components,
                         const Use& use) {
  const std::size_t row_samples = static_cast<std::size_t>(width_px) * components;
  for (std::size_t y = 0; y < static_cast<std::size_t>(height_px); ++y) {
    const std::uint16_t* row = samples.data() + y * row_samples;
    for (std::size_t i = 0; i < row_samples; ++i) {
      constexpr unsigned middle = 0x8000;
      unsigned predicted = middle;
      if (i >= static_cast<std::size_t>(components)) {
        predicted = row[i - components];
      } else if (y > 0) {
        predicted = (row - row_samples)[i];
      }
      use(static_cast<std::int16_t>(row[i] - predicted));
    }
  }
}

/// Bits that the difference's magnitude takes; −32768 stands for both ends and has 16.
int category(std::int16_t difference) {
  const int magnitude = difference < 0 ? -difference : difference;
  return std::bit_width(static_cast<unsigned>(magnitude));
}

void put_bytes(std::vector<std::byte>& bytes, std::initializer_list<int> values) {
  for (const int value : values) bytes.push_back(static_cast<std::byte>(value));
}

void put_headers(std::vector<std::byte>& bytes, const HuffmanCode& code, int width_px, int height_px, int components) {
  put_bytes(bytes, {0xFF, 0xD8});                         // SOI
  put_bytes(bytes, {0xFF, 0xC3, 0, 8 + 3 * components});  // SOF3
  put_bytes(bytes, {16, height_px >> 8, height_px, width_px >> 8, width_px, components});
  for (int component = 0; component < components; ++component) put_bytes(bytes, {component, 0x11, 0});

  std::array<int, 16> words{};
  std::vector<int> symbols;
  for (int length = 1; length <= 16; ++length) {
    for (std::size_t symbol = 0; symbol < huffman_symbols; ++symbol) {
      if (code.length_bits[symbol] != length) continue;
      ++words[static_cast<std::size_t>(length - 1)];
      symbols.push_back(static_cast<int>(symbol));
    }
  }
  put_bytes(bytes, {0xFF, 0xC4, 0, static_cast<int>(19 + symbols.size()), 0});  // DHT
  for (const int count : words) put_bytes(bytes, {count});
  for (const int symbol : symbols) put_bytes(bytes, {symbol});

  put_bytes(bytes, {0xFF, 0xDA, 0, 6 + 2 * components, components});  // SOS
  for (int component = 0; component < components; ++component) put_bytes(bytes, {component, 0});
  constexpr int left_predictor = 1;
  put_bytes(bytes, {left_predictor, 0, 0});
}

}  // namespace

std::vector<std::byte> encode_lossless_jpeg(std::span<const std::uint16_t> samples, int width_px, int height_px,
                                            int components) {
  std::array<std::uint64_t, huffman_symbols> frequency{};
  for_each_difference(samples, width_px, height_px, components,
                      [&](std::int16_t d) { ++frequency[static_cast<std::size_t>(category(d))]; });
  const HuffmanCode code = make_huffman_code(frequency);

  std::vector<std::byte> bytes;
  bytes.reserve(samples.size() * sizeof(std::uint16_t));
  put_headers(bytes, code, width_px, height_px, components);
  BitWriter writer(bytes);
  for_each_difference(samples, width_px, height_px, components, [&](std::int16_t difference) {
    const int bits = category(difference);
    const auto symbol = static_cast<std::size_t>(bits);
    // Negative ones are stored less one: the first bit then tells the sign (T.81, F.1.2.1). 16 needs no more bits.
    const auto rest = static_cast<std::uint32_t>(difference < 0 ? difference - 1 : difference) & ((1U << bits) - 1);
    const int rest_bits = bits == 16 ? 0 : bits;
    writer.put(code.bits[symbol], code.length_bits[symbol]);
    writer.put(rest_bits == 0 ? 0 : rest, rest_bits);
  });
  writer.finish();
  put_bytes(bytes, {0xFF, 0xD9});  // EOI
  return bytes;
}

}  // namespace rdenoise

// SPDX-License-Identifier: LGPL-2.1-or-later
#include "isp/mat5_reader.hpp"

#include <zlib.h>

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>
#include <optional>
#include <rdenoise/error.hpp>
#include <string_view>

namespace rdenoise {
namespace {

static_assert(std::endian::native == std::endian::little, "the file's numbers are read as they lie");

constexpr std::size_t header_bytes = 128;
constexpr std::size_t max_matrix_bytes = std::size_t{64} << 20;

enum DataType : std::uint32_t {
  type_int8 = 1,
  type_uint8,
  type_int16,
  type_uint16,
  type_int32,
  type_uint32,
  type_single,
  type_double = 9,
  type_int64 = 12,
  type_uint64,
  type_matrix,
  type_compressed
};

[[noreturn]] void throw_corrupt(const std::string& name, const std::string& found) {
  throw Error(ErrorCode::corrupt, "reading " + name + ": expected an undamaged MATLAB file, found " + found);
}

template <typename Number>
Number number_at(std::span<const std::byte> bytes, std::size_t offset) {
  Number number;
  std::memcpy(&number, bytes.data() + offset, sizeof number);
  return number;
}

/// One tagged piece of data.
struct Element {
  std::uint32_t type = 0;
  std::span<const std::byte> data;
};

/// Walks over tagged elements; every step is checked against what is left.
class ElementReader {
 public:
  ElementReader(std::span<const std::byte> bytes, const std::string& name) : rest_(bytes), name_(name) {}

  [[nodiscard]] bool at_end() const noexcept { return rest_.empty(); }

  [[nodiscard]] Element next() {
    if (rest_.size() < 8) throw_corrupt(name_, "its end in the middle of a tag");
    const auto first = number_at<std::uint32_t>(rest_, 0);
    if (const std::uint32_t small_size = first >> 16; small_size != 0) {
      if (small_size > 4) throw_corrupt(name_, "a short element of " + std::to_string(small_size) + " bytes");
      const Element element{first & 0xFFFFU, rest_.subspan(4, small_size)};
      rest_ = rest_.subspan(8);
      return element;
    }
    const std::size_t size = number_at<std::uint32_t>(rest_, 4);
    if (size > rest_.size() - 8) throw_corrupt(name_, "an element of " + std::to_string(size) + " bytes past its end");
    const Element element{first, rest_.subspan(8, size)};
    // Compressed elements are not padded; the last one's padding may be missing, and nobody needs it.
    const std::size_t padded_size = first == type_compressed ? size : (size + 7) / 8 * 8;
    rest_ = rest_.subspan(std::min(rest_.size(), 8 + padded_size));
    return element;
  }

 private:
  std::span<const std::byte> rest_;
  const std::string& name_;
};

class Inflater {
 public:
  Inflater(std::span<const std::byte> compressed, const std::string& name) : name_(name) {
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<std::byte*>(compressed.data()));
    stream_.avail_in = static_cast<uInt>(compressed.size());
    if (inflateInit(&stream_) != Z_OK) throw Error(ErrorCode::internal, "reading " + name + ": zlib does not start");
  }
  ~Inflater() { inflateEnd(&stream_); }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;

  /// Memory grows with what is really there, not with what the file claims.
  [[nodiscard]] std::vector<std::byte> inflate_all() {
    std::vector<std::byte> bytes;
    constexpr std::size_t step = std::size_t{1} << 18;
    for (;;) {
      const std::size_t before = bytes.size();
      if (before > max_matrix_bytes) {
        throw Error(ErrorCode::unsupported, "reading " + name_ + ": expected matrices of at most " +
                                                std::to_string(max_matrix_bytes) + " bytes, found a larger one");
      }
      bytes.resize(before + step);
      stream_.next_out = reinterpret_cast<Bytef*>(bytes.data() + before);
      stream_.avail_out = static_cast<uInt>(step);
      const int status = inflate(&stream_, Z_NO_FLUSH);
      bytes.resize(bytes.size() - stream_.avail_out);
      if (status == Z_STREAM_END) return bytes;
      if (status != Z_OK) {
        throw_corrupt(name_, std::string("damaged compressed data") +
                                 (stream_.msg != nullptr ? ": " + std::string(stream_.msg) : ""));
      }
    }
  }

 private:
  const std::string& name_;
  z_stream stream_{};
};

template <typename Number>
void convert(std::span<const std::byte> data, std::vector<float>& values) {
  for (std::size_t i = 0; i < values.size(); ++i) {
    values[i] = static_cast<float>(number_at<Number>(data, i * sizeof(Number)));
  }
}

std::size_t size_of(std::uint32_t type) {
  switch (type) {
    case type_int8:
    case type_uint8:
      return 1;
    case type_int16:
    case type_uint16:
      return 2;
    case type_int32:
    case type_uint32:
    case type_single:
      return 4;
    case type_double:
    case type_int64:
    case type_uint64:
      return 8;
    default:
      return 0;
  }
}

/// The numbers may be stored in a smaller type than the matrix has.
std::vector<float> numbers_of(const Element& element, std::size_t count, const std::string& name) {
  const std::size_t size = size_of(element.type);
  if (size == 0) throw_corrupt(name, "numbers of the unknown type " + std::to_string(element.type));
  if (element.data.size() / size != count || element.data.size() % size != 0) {
    throw_corrupt(name, std::to_string(element.data.size()) + " bytes for " + std::to_string(count) + " numbers");
  }
  std::vector<float> values(count);
  switch (element.type) {
    case type_int8:
      convert<std::int8_t>(element.data, values);
      break;
    case type_uint8:
      convert<std::uint8_t>(element.data, values);
      break;
    case type_int16:
      convert<std::int16_t>(element.data, values);
      break;
    case type_uint16:
      convert<std::uint16_t>(element.data, values);
      break;
    case type_int32:
      convert<std::int32_t>(element.data, values);
      break;
    case type_uint32:
      convert<std::uint32_t>(element.data, values);
      break;
    case type_single:
      convert<float>(element.data, values);
      break;
    case type_double:
      convert<double>(element.data, values);
      break;
    case type_int64:
      convert<std::int64_t>(element.data, values);
      break;
    default:
      convert<std::uint64_t>(element.data, values);
      break;
  }
  return values;
}

/// nullopt if it is no real, numeric, full matrix of two dimensions.
std::optional<MatlabMatrix> matrix_of(std::span<const std::byte> data, const std::string& name) {
  // Classes 6 … 15: double, single and the integers; bit 3 of the flags: complex.
  constexpr std::uint32_t first_numeric_class = 6;
  constexpr std::uint32_t last_numeric_class = 15;
  constexpr std::uint32_t complex_flag = 0x800;
  ElementReader reader(data, name);
  const Element flags = reader.next();
  if (flags.type != type_uint32 || flags.data.size() != 8) throw_corrupt(name, "a matrix without its flags");
  const auto flag_bits = number_at<std::uint32_t>(flags.data, 0);
  const std::uint32_t array_class = flag_bits & 0xFFU;
  if (array_class < first_numeric_class || array_class > last_numeric_class) return std::nullopt;
  if ((flag_bits & complex_flag) != 0) return std::nullopt;

  const Element dimensions = reader.next();
  if (dimensions.type != type_int32 || dimensions.data.size() < 8 || dimensions.data.size() % 4 != 0) {
    throw_corrupt(name, "a matrix without its size");
  }
  if (dimensions.data.size() != 8) return std::nullopt;
  const auto rows = number_at<std::int32_t>(dimensions.data, 0);
  const auto columns = number_at<std::int32_t>(dimensions.data, 4);
  if (rows < 0 || columns < 0 ||
      static_cast<std::uint64_t>(rows) * static_cast<std::uint64_t>(columns) > max_matrix_bytes) {
    throw_corrupt(name, "a matrix of " + std::to_string(rows) + "x" + std::to_string(columns));
  }
  const Element label = reader.next();
  if (label.type != type_int8) throw_corrupt(name, "a matrix without its name");
  MatlabMatrix matrix;
  matrix.name.assign(reinterpret_cast<const char*>(label.data.data()), label.data.size());
  matrix.row_count = static_cast<std::size_t>(rows);
  matrix.column_count = static_cast<std::size_t>(columns);
  matrix.values = numbers_of(reader.next(), matrix.row_count * matrix.column_count, name);
  return matrix;
}

void append(std::vector<MatlabMatrix>& matrices, std::optional<MatlabMatrix> matrix) {
  if (matrix) matrices.push_back(std::move(*matrix));
}

}  // namespace

bool looks_like_mat5(std::span<const std::byte> file) noexcept {
  constexpr std::string_view magic = "MATLAB 5.0 MAT-file";
  return file.size() >= magic.size() && std::memcmp(file.data(), magic.data(), magic.size()) == 0;
}

std::vector<MatlabMatrix> read_mat5(std::span<const std::byte> file, const std::string& name) {
  if (!looks_like_mat5(file) || file.size() < header_bytes) throw_corrupt(name, "no complete header");
  const std::string_view endian(reinterpret_cast<const char*>(file.data()) + 126, 2);
  if (endian == "MI") {
    throw Error(ErrorCode::unsupported, "reading " + name + ": expected little-endian numbers, found big-endian ones");
  }
  if (endian != "IM") throw_corrupt(name, "no mark of its byte order");
  std::vector<MatlabMatrix> matrices;
  ElementReader reader(file.subspan(header_bytes), name);
  while (!reader.at_end()) {
    const Element element = reader.next();
    if (element.type == type_matrix) {
      append(matrices, matrix_of(element.data, name));
    } else if (element.type == type_compressed) {
      const std::vector<std::byte> bytes = Inflater(element.data, name).inflate_all();
      const Element inner = ElementReader(bytes, name).next();
      if (inner.type == type_matrix) append(matrices, matrix_of(inner.data, name));
    }
  }
  return matrices;
}

}  // namespace rdenoise

// SPDX-License-Identifier: LGPL-2.1-or-later
// The safetensors format: u64 little-endian header size, a JSON header, then the tensors' bytes without holes.
// Every number in a file is taken for a lie until checked.
#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <fstream>
#include <limits>
#include <nlohmann/json.hpp>
#include <rdenoise/error.hpp>
#include <rdenoise/model.hpp>
#include <set>
#include <tuple>

#include "base/atomic_file.hpp"

namespace rdenoise {
namespace {

using Json = nlohmann::json;
static_assert(std::endian::native == std::endian::little, "tensors are read and written as they lie in memory");

/// A number type of the format that this reader takes.
struct NumberType {
  std::string_view name;
  std::size_t bytes;
  float (*to_float)(const char* bytes);
};

template <typename T>
T number_at(const char* bytes) {
  T number;
  std::memcpy(&number, bytes, sizeof(T));
  return number;
}

float half_to_float(std::uint16_t half) {
  const float sign = (half & 0x8000U) != 0 ? -1.F : 1.F;
  const int exponent = (half >> 10) & 0x1f;
  const int fraction = half & 0x3ff;
  if (exponent == 0x1f) return sign * (fraction == 0 ? INFINITY : NAN);
  // Subnormal numbers lack the leading one and have the exponent of the smallest normal ones.
  return sign * std::ldexp(static_cast<float>(exponent == 0 ? fraction : fraction + 0x400), std::max(exponent, 1) - 25);
}

/// The nearest; of two equally near the even one.
std::uint16_t half_from_float(float value) {
  int exponent = 0;
  (void)std::frexp(value, &exponent);  // |value| < 2^exponent
  // Below 2^−13 the step stays that of the smallest normal numbers; of 0 the exponent is no use.
  const int step_exponent = value == 0.F ? -13 : std::max(exponent, -13);
  const auto steps = static_cast<int>(std::nearbyint(std::ldexp(std::abs(value), 11 - step_exponent)));
  // The leading one of a normal number counts as one step of the exponent.
  return static_cast<std::uint16_t>((std::signbit(value) ? 0x8000 : 0) + steps + 0x400 * (step_exponent + 13));
}

constexpr float half_overflow = 65520.F;  ///< from here on the nearest would be infinite

// Every number of the first three is a float; of F64, the nearest.
constexpr NumberType number_types[] = {
    {"F32", 4, [](const char* bytes) { return number_at<float>(bytes); }},
    {"F16", 2, [](const char* bytes) { return half_to_float(number_at<std::uint16_t>(bytes)); }},
    {"BF16", 2,
     [](const char* bytes) {
       return std::bit_cast<float>(static_cast<std::uint32_t>(number_at<std::uint16_t>(bytes)) << 16);
     }},
    {"F64", 8, [](const char* bytes) { return static_cast<float>(number_at<double>(bytes)); }},
};
/// Batch counters of PyTorch are the only whole numbers; inference has no use for them.
constexpr NumberType batch_counter{"I64", 8, [](const char*) { return 0.F; }};

const NumberType* find_number_type(std::string_view dtype, std::string_view tensor_name) {
  if (dtype == batch_counter.name && tensor_name.ends_with("num_batches_tracked")) return &batch_counter;
  const auto found = std::ranges::find(number_types, dtype, &NumberType::name);
  return found == std::end(number_types) ? nullptr : found;
}

constexpr std::uint64_t max_header_bytes = 100'000'000;  // as the format's own reader

/// A value of the header for a message; of what is long or nested only the kind.
std::string brief(const Json& value) {
  constexpr std::size_t most_entries = 16;
  constexpr std::size_t most_characters = 100;
  const bool is_flat =
      !value.is_structured() || (value.size() <= most_entries && std::ranges::none_of(value, &Json::is_structured));
  const std::string text = is_flat ? value.dump() : std::string();
  if (!text.empty() && text.size() <= most_characters) return text;
  return std::string(value.type_name()) + " of " + std::to_string(value.size()) + " entries";
}

/// A tensor as the header describes it; begin and end in bytes from the end of the header.
struct Entry {
  std::string name;
  const NumberType* type = nullptr;
  std::vector<std::int64_t> shape;
  std::uint64_t count = 1;
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
};

/// Looks through a header before it becomes a tree: two tensors of one name would silently shadow each other, and deep
/// nesting takes stack to walk.
struct HeaderScan final : Json::json_sax_t {
  static constexpr std::size_t max_depth = 8;
  std::vector<std::set<std::string>> keys_by_depth = std::vector<std::set<std::string>>(max_depth + 1);
  std::size_t depth = 0;
  std::string objection;  ///< what is wrong, beside being no JSON

  bool enter() {
    if (++depth > max_depth) objection = "one nested deeper than " + std::to_string(max_depth);
    return objection.empty();
  }
  bool leave() {
    --depth;
    return true;
  }
  bool start_object(std::size_t /*elements*/) override {
    if (!enter()) return false;
    keys_by_depth[depth].clear();
    return true;
  }
  bool key(std::string& name) override {
    if (!keys_by_depth[depth].insert(name).second) objection = "two of " + name;
    return objection.empty();
  }
  bool start_array(std::size_t /*elements*/) override { return enter(); }
  bool end_object() override { return leave(); }
  bool end_array() override { return leave(); }
  bool null() override { return true; }
  bool boolean(bool /*value*/) override { return true; }
  bool number_integer(std::int64_t /*value*/) override { return true; }
  bool number_unsigned(std::uint64_t /*value*/) override { return true; }
  bool number_float(double /*value*/, const std::string& /*text*/) override { return true; }
  bool string(std::string& /*value*/) override { return true; }
  bool binary(Json::binary_t& /*value*/) override { return true; }
  bool parse_error(std::size_t /*position*/, const std::string& /*token*/, const Json::exception& /*error*/) override {
    return false;
  }
};

class Reader {
 public:
  explicit Reader(const std::filesystem::path& path) : path_(path) {}

  Weights read() {
    open();
    const Json header = read_header();
    Weights weights;
    std::vector<Entry> entries;
    for (const auto& [name, entry] : header.items()) {
      if (name == "__metadata__")
        read_metadata(entry, weights);
      else
        entries.push_back(read_entry(name, entry));
    }
    // Nothing is read, and no memory taken for it, before the whole header makes sense.
    check_extents(entries);
    for (const Entry& entry : entries) weights.tensors[entry.name] = read_tensor(entry);
    return weights;
  }

 private:
  [[noreturn]] void fail(const std::string& expected, const std::string& found) const {
    throw Error(ErrorCode::corrupt, "reading " + path_.string() + ": expected " + expected + ", found " + found);
  }

  void open() {
    std::error_code error;
    if (!std::filesystem::exists(path_, error))
      throw Error(ErrorCode::not_found, "reading " + path_.string() + ": expected a safetensors file, found none");
    file_bytes_ = std::filesystem::file_size(path_, error);
    stream_.open(path_, std::ios::binary);
    if (error || !stream_)
      throw Error(ErrorCode::io, "reading " + path_.string() + ": expected a readable file, found it cannot be opened");
  }

  void read_bytes(char* bytes, std::uint64_t count) {
    stream_.read(bytes, static_cast<std::streamsize>(count));
    if (static_cast<std::uint64_t>(stream_.gcount()) != count)
      throw Error(ErrorCode::io, "reading " + path_.string() + ": expected " + std::to_string(count) +
                                     " more bytes, found " + std::to_string(stream_.gcount()));
  }

  Json read_header() {
    if (file_bytes_ < 8) fail("a file of at least 8 bytes", std::to_string(file_bytes_) + " bytes");
    std::uint64_t header_bytes = 0;
    read_bytes(reinterpret_cast<char*>(&header_bytes), 8);
    const std::uint64_t most = std::min<std::uint64_t>(max_header_bytes, file_bytes_ - 8);
    if (header_bytes > most)
      fail("a header of at most " + std::to_string(most) + " bytes",
           "a header that claims " + std::to_string(header_bytes));
    std::string text(header_bytes, '\0');
    read_bytes(text.data(), header_bytes);
    data_bytes_ = file_bytes_ - 8 - header_bytes;
    return parse_header(text);
  }

  Json parse_header(std::string_view text) const {
    HeaderScan scan;
    const bool is_json = Json::sax_parse(text, &scan);
    if (!scan.objection.empty()) fail("one entry a name in a header of few levels", scan.objection);
    if (!is_json) fail("a JSON object as header", "no valid JSON");
    Json json = Json::parse(text);
    if (!json.is_object()) fail("a JSON object as header", json.type_name());
    return json;
  }

  void read_metadata(const Json& entry, Weights& weights) const {
    if (!entry.is_object()) fail("__metadata__ to be an object", entry.type_name());
    for (const auto& [key, value] : entry.items()) {
      if (!value.is_string()) fail("__metadata__ of strings", key + " of type " + value.type_name());
      weights.metadata[key] = value.get<std::string>();
    }
  }

  Entry read_entry(const std::string& name, const Json& json) const {
    const std::string where = "tensor " + name;
    if (!json.is_object() || !json.contains("dtype") || !json.contains("shape") || !json.contains("data_offsets"))
      fail(where + " with dtype, shape and data_offsets", "an entry without them");
    const Json& dtype = json["dtype"];
    if (!dtype.is_string()) fail(where + " with a dtype of text", dtype.type_name());
    Entry entry{.name = name, .type = find_number_type(dtype.get_ref<const std::string&>(), name)};
    if (entry.type == nullptr) fail(where + " of dtype F32, F16, BF16 or F64", brief(dtype));

    const Json& shape = json["shape"];
    if (!shape.is_array() || shape.size() > 8) fail(where + " with a shape of at most 8 numbers", brief(shape));
    for (const Json& extent : shape) {
      if (!extent.is_number_unsigned()) fail(where + " with a shape of whole numbers", brief(shape));
      const auto value = extent.get<std::uint64_t>();
      if (value > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()) ||
          (value != 0 && entry.count > data_bytes_ / value))
        fail(where + " that fits into " + std::to_string(data_bytes_) + " bytes of data", "shape " + brief(shape));
      entry.count *= value;
      entry.shape.push_back(static_cast<std::int64_t>(value));
    }
    const Json& offsets = json["data_offsets"];
    if (!offsets.is_array() || offsets.size() != 2 || !offsets[0].is_number_unsigned() ||
        !offsets[1].is_number_unsigned())
      fail(where + " with two data_offsets", brief(offsets));
    entry.begin = offsets[0].get<std::uint64_t>();
    entry.end = offsets[1].get<std::uint64_t>();
    if (entry.begin > entry.end || entry.end > data_bytes_)
      fail(where + " inside " + std::to_string(data_bytes_) + " bytes of data", "offsets " + brief(offsets));
    if (entry.end - entry.begin != entry.count * entry.type->bytes)
      fail(where + " of " + std::to_string(entry.count * entry.type->bytes) + " bytes by its shape",
           "offsets " + brief(offsets));
    return entry;
  }

  /// Sorts the entries by their place: they must follow each other, so none overlap.
  void check_extents(std::vector<Entry>& entries) const {
    std::ranges::sort(entries, {}, [](const Entry& entry) { return std::tie(entry.begin, entry.end, entry.name); });
    std::uint64_t next = 0;
    std::string previous = "the header";
    for (const Entry& entry : entries) {
      if (entry.begin != next)
        fail("tensor " + entry.name + " at byte " + std::to_string(next) + ", where " + previous + " ends",
             std::string(entry.begin < next ? "an overlap" : "a hole") + ": it begins at byte " +
                 std::to_string(entry.begin));
      next = entry.end;
      previous = entry.name;
    }
    if (next != data_bytes_) fail(std::to_string(next) + " bytes of data", std::to_string(data_bytes_));
  }

  Tensor read_tensor(const Entry& entry) {
    Tensor tensor{entry.shape, std::vector<float>(entry.count)};
    if (entry.type == &number_types[0]) {
      read_bytes(reinterpret_cast<char*>(tensor.values.data()), entry.end - entry.begin);
      return tensor;
    }
    std::vector<char> bytes(entry.end - entry.begin);
    read_bytes(bytes.data(), bytes.size());
    for (std::size_t i = 0; i < tensor.values.size(); ++i)
      tensor.values[i] = entry.type->to_float(bytes.data() + i * entry.type->bytes);
    return tensor;
  }

  std::filesystem::path path_;
  std::ifstream stream_;
  std::uint64_t file_bytes_ = 0;
  std::uint64_t data_bytes_ = 0;
};

std::vector<char> stored_bytes(const std::vector<float>& values, StoredNumber stored, const std::string& doing) {
  const char* first = reinterpret_cast<const char*>(values.data());
  if (stored == StoredNumber::f32) return {first, first + values.size() * sizeof(float)};
  std::vector<char> bytes(2 * values.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (!(std::abs(values[i]) < half_overflow))
      throw Error(ErrorCode::invalid_argument, doing + ": expected numbers below " +
                                                   std::to_string(static_cast<int>(half_overflow)) +
                                                   " to keep as F16, found " + std::to_string(values[i]));
    const std::uint16_t half = half_from_float(values[i]);
    std::memcpy(bytes.data() + 2 * i, &half, 2);
  }
  return bytes;
}

}  // namespace

Weights read_safetensors(const std::filesystem::path& path) { return Reader(path).read(); }

void write_safetensors(const std::filesystem::path& path, const Weights& weights, StoredNumber stored) {
  const NumberType& type = number_types[stored == StoredNumber::f16 ? 1 : 0];
  Json header = Json::object();
  if (!weights.metadata.empty()) header["__metadata__"] = weights.metadata;
  std::uint64_t offset = 0;
  for (const auto& [name, tensor] : weights.tensors) {
    const std::uint64_t end = offset + tensor.values.size() * type.bytes;
    header[name] = {{"dtype", type.name}, {"shape", tensor.shape}, {"data_offsets", {offset, end}}};
    offset = end;
  }
  std::string text = header.dump();
  text.append((8 - text.size() % 8) % 8, ' ');  // tensors start aligned

  AtomicFile file(path);
  {
    std::ofstream stream(file.temporary(), std::ios::binary);
    const std::uint64_t header_bytes = text.size();
    stream.write(reinterpret_cast<const char*>(&header_bytes), 8);
    stream.write(text.data(), static_cast<std::streamsize>(text.size()));
    for (const auto& [name, tensor] : weights.tensors) {
      const std::vector<char> bytes =
          stored_bytes(tensor.values, stored, "writing " + path.string() + ", tensor " + name);
      stream.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    }
    stream.flush();
    if (!stream)
      throw Error(ErrorCode::io, "writing " + path.string() + ": expected room for " +
                                     std::to_string(8 + text.size() + offset) + " bytes, found that writing failed");
  }
  file.commit();
}

}  // namespace rdenoise

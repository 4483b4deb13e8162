// SPDX-License-Identifier: LGPL-2.1-or-later
// The safetensors format: u64 little-endian header size, a JSON header, then the tensors' bytes without holes.
// Every number in a file is taken for a lie until checked.
#include <algorithm>
#include <bit>
#include <cstring>
#include <fstream>
#include <nlohmann/json.hpp>
#include <rdenoise/error.hpp>
#include <rdenoise/model.hpp>

#include "base/atomic_file.hpp"

namespace rdenoise {
namespace {

using Json = nlohmann::json;
static_assert(std::endian::native == std::endian::little, "tensors are read and written as they lie in memory");

constexpr std::uint64_t max_header_bytes = 100'000'000;  // as the format's own reader

class Reader {
 public:
  explicit Reader(const std::filesystem::path& path) : path_(path) {}

  Weights read() {
    const std::vector<char> file = read_file();
    if (file.size() < 8) fail("a file of at least 8 bytes", std::to_string(file.size()) + " bytes");
    std::uint64_t header_bytes = 0;
    std::memcpy(&header_bytes, file.data(), 8);
    if (header_bytes > max_header_bytes || header_bytes > file.size() - 8)
      fail("a header of at most " + std::to_string(std::min<std::uint64_t>(max_header_bytes, file.size() - 8)) +
               " bytes",
           "a header that claims " + std::to_string(header_bytes));
    const char* const header = file.data() + 8;
    const std::span<const char> data{header + header_bytes, file.size() - 8 - header_bytes};

    const Json json = parse_header({header, static_cast<std::size_t>(header_bytes)});
    Weights weights;
    std::vector<Extent> extents;
    for (const auto& [name, entry] : json.items()) {
      if (name == "__metadata__") {
        read_metadata(entry, weights);
        continue;
      }
      const auto [begin, end] = read_tensor(name, entry, data, weights.tensors[name]);
      extents.push_back({begin, end, name});
    }
    check_extents(extents, data.size());
    return weights;
  }

 private:
  /// Bytes of a tensor in the data.
  struct Extent {
    std::uint64_t begin;
    std::uint64_t end;
    std::string name;
    auto operator<=>(const Extent&) const = default;
  };

  [[noreturn]] void fail(const std::string& expected, const std::string& found) const {
    throw Error(ErrorCode::corrupt, "reading " + path_.string() + ": expected " + expected + ", found " + found);
  }

  std::vector<char> read_file() const {
    std::error_code error;
    if (!std::filesystem::exists(path_, error))
      throw Error(ErrorCode::not_found, "reading " + path_.string() + ": expected a safetensors file, found none");
    const std::uintmax_t size = std::filesystem::file_size(path_, error);
    std::ifstream stream(path_, std::ios::binary);
    if (error || !stream)
      throw Error(ErrorCode::io, "reading " + path_.string() + ": expected a readable file, found it cannot be opened");
    std::vector<char> bytes(size);
    stream.read(bytes.data(), static_cast<std::streamsize>(size));
    if (static_cast<std::uintmax_t>(stream.gcount()) != size)
      throw Error(ErrorCode::io, "reading " + path_.string() + ": expected " + std::to_string(size) + " bytes, found " +
                                     std::to_string(stream.gcount()));
    return bytes;
  }

  Json parse_header(std::string_view text) const {
    // Two tensors of one name would silently shadow each other.
    std::vector<std::vector<std::string>> keys_by_depth;
    bool duplicate = false;
    const auto watch_keys = [&](int depth, Json::parse_event_t event, Json& parsed) {
      const auto level = static_cast<std::size_t>(depth);
      if (event == Json::parse_event_t::object_start) {
        keys_by_depth.resize(level + 1);
        keys_by_depth[level].clear();
      } else if (event == Json::parse_event_t::key) {
        auto& keys = keys_by_depth[level - 1];
        const std::string key = parsed.get<std::string>();
        duplicate = duplicate || std::find(keys.begin(), keys.end(), key) != keys.end();
        keys.push_back(key);
      }
      return true;
    };
    Json json = Json::parse(text, watch_keys, /*allow_exceptions=*/false);
    if (!json.is_object()) fail("a JSON object as header", "something else");
    if (duplicate) fail("one entry a name in the header", "a name twice");
    return json;
  }

  void read_metadata(const Json& entry, Weights& weights) const {
    if (!entry.is_object()) fail("__metadata__ to be an object", entry.type_name());
    for (const auto& [key, value] : entry.items()) {
      if (!value.is_string()) fail("__metadata__ of strings", key + " of type " + value.type_name());
      weights.metadata[key] = value.get<std::string>();
    }
  }

  std::pair<std::uint64_t, std::uint64_t> read_tensor(const std::string& name, const Json& entry,
                                                      std::span<const char> data, Tensor& tensor) const {
    const std::string where = "tensor " + name;
    if (!entry.is_object() || !entry.contains("dtype") || !entry.contains("shape") || !entry.contains("data_offsets"))
      fail(where + " with dtype, shape and data_offsets", "an entry without them");
    const Json& dtype = entry["dtype"];
    if (!dtype.is_string()) fail(where + " with a dtype of text", dtype.type_name());
    const std::size_t value_bytes = dtype == "F32" ? 4 : dtype == "I64" ? 8 : 0;
    // Batch counters of PyTorch are the only whole numbers; inference has no use for them.
    if (value_bytes == 0 || (value_bytes == 8 && !name.ends_with("num_batches_tracked")))
      fail(where + " of dtype F32", dtype.get<std::string>());

    const Json& shape = entry["shape"];
    if (!shape.is_array() || shape.size() > 8) fail(where + " with a shape of at most 8 numbers", shape.dump());
    std::uint64_t count = 1;
    for (const Json& extent : shape) {
      if (!extent.is_number_unsigned()) fail(where + " with a shape of whole numbers", shape.dump());
      const auto value = extent.get<std::uint64_t>();
      if (value != 0 && count > data.size() / value) fail(where + " that fits the file", "shape " + shape.dump());
      count *= value;
      tensor.shape.push_back(static_cast<std::int64_t>(value));
    }
    const Json& offsets = entry["data_offsets"];
    if (!offsets.is_array() || offsets.size() != 2 || !offsets[0].is_number_unsigned() ||
        !offsets[1].is_number_unsigned())
      fail(where + " with two data_offsets", offsets.dump());
    const auto begin = offsets[0].get<std::uint64_t>();
    const auto end = offsets[1].get<std::uint64_t>();
    if (begin > end || end > data.size())
      fail(where + " inside " + std::to_string(data.size()) + " bytes of data", "offsets " + offsets.dump());
    if (end - begin != count * value_bytes)
      fail(where + " of " + std::to_string(count * value_bytes) + " bytes by its shape", "offsets " + offsets.dump());
    if (value_bytes == 4) {
      tensor.values.resize(count);
      if (count > 0) std::memcpy(tensor.values.data(), data.data() + begin, count * 4);
    } else {
      tensor.values.assign(count, 0.F);
    }
    return {begin, end};
  }

  void check_extents(std::vector<Extent> extents, std::uint64_t data_bytes) const {
    std::ranges::sort(extents);
    std::uint64_t next = 0;
    std::string previous = "the header";
    for (const auto& [begin, end, name] : extents) {
      if (begin != next)
        fail("tensor " + name + " at byte " + std::to_string(next) + ", where " + previous + " ends",
             std::string(begin < next ? "an overlap" : "a hole") + ": it begins at byte " + std::to_string(begin));
      next = end;
      previous = name;
    }
    if (next != data_bytes) fail(std::to_string(next) + " bytes of data", std::to_string(data_bytes));
  }

  std::filesystem::path path_;
};

}  // namespace

Weights read_safetensors(const std::filesystem::path& path) { return Reader(path).read(); }

void write_safetensors(const std::filesystem::path& path, const Weights& weights) {
  Json header = Json::object();
  if (!weights.metadata.empty()) header["__metadata__"] = weights.metadata;
  std::uint64_t offset = 0;
  for (const auto& [name, tensor] : weights.tensors) {
    const std::uint64_t end = offset + tensor.values.size() * sizeof(float);
    header[name] = {{"dtype", "F32"}, {"shape", tensor.shape}, {"data_offsets", {offset, end}}};
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
    for (const auto& [name, tensor] : weights.tensors)
      stream.write(reinterpret_cast<const char*>(tensor.values.data()),
                   static_cast<std::streamsize>(tensor.values.size() * sizeof(float)));
    stream.flush();
    if (!stream)
      throw Error(ErrorCode::io, "writing " + path.string() + ": expected room for " +
                                     std::to_string(8 + text.size() + offset) + " bytes, found that writing failed");
  }
  file.commit();
}

}  // namespace rdenoise

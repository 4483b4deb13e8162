// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>
#include <rdenoise/error.hpp>
#include <rdenoise/model.hpp>
#include <string>

#include "base/atomic_file.hpp"

namespace rdenoise {

void update_safetensors_metadata(const std::filesystem::path& path, std::span<const std::string_view> prefixes,
                                 const std::map<std::string, std::string, std::less<>>& entries) {
  Weights weights = read_safetensors(path);  // the whole file makes sense, so the header can be taken at its word
  std::erase_if(weights.metadata, [&](const auto& entry) {
    return std::ranges::any_of(prefixes, [&](std::string_view prefix) { return entry.first.starts_with(prefix); });
  });
  for (const auto& [key, value] : entries) weights.metadata[key] = value;

  std::ifstream source(path, std::ios::binary);
  std::uint64_t header_bytes = 0;
  source.read(reinterpret_cast<char*>(&header_bytes), sizeof header_bytes);
  std::string text(source ? header_bytes : 0, '\0');
  source.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (!source)
    throw Error(ErrorCode::io, "reading " + path.string() + ": expected a header as before, found it changed");
  nlohmann::json header = nlohmann::json::parse(text);
  header["__metadata__"] = weights.metadata;
  text = header.dump();
  text.append((8 - text.size() % 8) % 8, ' ');
  header_bytes = text.size();

  AtomicFile file(path);
  {
    std::ofstream target(file.temporary(), std::ios::binary);
    target.write(reinterpret_cast<const char*>(&header_bytes), sizeof header_bytes);
    target.write(text.data(), static_cast<std::streamsize>(text.size()));
    target << source.rdbuf();
    target.flush();
    if (!target)
      throw Error(ErrorCode::io, "writing " + path.string() + ": expected room for it, found that writing failed");
  }
  file.commit();
}

}  // namespace rdenoise

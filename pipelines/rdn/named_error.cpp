// SPDX-License-Identifier: LGPL-2.1-or-later
#include "named_error.hpp"

#include <string_view>

namespace rdn {

rdenoise::Error named(const rdenoise::Error& error, const std::filesystem::path& path) {
  const std::string_view message = error.what();
  if (message.find(path.string()) != std::string_view::npos) return error;
  return {error.code(), path.string() + ": " + std::string(message)};
}

}  // namespace rdn

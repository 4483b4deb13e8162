// SPDX-License-Identifier: LGPL-2.1-or-later
#include "json_output.hpp"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <rdenoise/error.hpp>
#include <string>

namespace rdn {

void add_json_flag(CLI::App& command, bool& json) {
  command.add_flag("--json", json, "Print the result as one JSON object on stdout");
}

void print_json(const Json& object) {
  // File names need not be UTF-8; one odd name must not cost the whole result.
  const std::string text = object.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
  if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size() || std::fflush(stdout) != 0) {
    throw rdenoise::Error(rdenoise::ErrorCode::io, "printing the result: stdout cannot be written");
  }
}

Json to_json(const std::optional<double>& value) { return value ? Json(*value) : Json(nullptr); }

Json to_json(const rdenoise::NoiseProfile& profile) {
  Json a = Json::array();
  Json b = Json::array();
  Json functions = Json::array();
  bool has_function = false;
  for (int c = 0; c < profile.channel_count; ++c) {
    a.push_back(profile.channels[c].a);
    b.push_back(profile.channels[c].b);
    const auto& function = profile.channels[c].level_function;
    functions.push_back(function ? Json(function->variance) : Json(nullptr));
    has_function = has_function || function.has_value();
  }
  Json object = {{"a", a}, {"b", b}, {"sigma_8bit", sigma_8bit(profile)}, {"confidence", profile.confidence}};
  if (has_function) object["level_function"] = functions;
  return object;
}

}  // namespace rdn

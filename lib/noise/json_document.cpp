// SPDX-License-Identifier: LGPL-2.1-or-later
#include "noise/json_document.hpp"

#include <array>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <fstream>
#include <rdenoise/error.hpp>

namespace rdenoise {
namespace {

std::string shortened(const std::string& text) {
  constexpr std::size_t most_bytes = 60;
  return text.size() <= most_bytes ? text : text.substr(0, most_bytes) + "…";
}

std::string number_text(double value) { return Json(value).dump(); }

}  // namespace

std::string read_text(const std::filesystem::path& path, std::uintmax_t most_bytes) {
  std::error_code error;
  if (!std::filesystem::exists(path, error)) {
    throw Error(ErrorCode::not_found, "reading " + path.string() + ": expected a JSON file, found none");
  }
  errno = 0;
  std::ifstream stream(path, std::ios::binary);
  if (!stream || std::filesystem::is_directory(path, error)) {
    throw Error(ErrorCode::io, "reading " + path.string() + ": expected a readable file, found: " +
                                   (stream ? "a folder" : std::strerror(errno)));
  }
  // By reading, not by asking for the size: that is unknown for pipes and devices.
  std::string text;
  std::array<char, 65536> block{};
  while (stream.read(block.data(), block.size()) || stream.gcount() > 0) {
    text.append(block.data(), static_cast<std::size_t>(stream.gcount()));
    if (text.size() > most_bytes) {
      throw Error(ErrorCode::corrupt, "reading " + path.string() + ": expected at most " + std::to_string(most_bytes) +
                                          " bytes, found more");
    }
  }
  if (stream.bad()) throw Error(ErrorCode::io, "reading " + path.string() + ": " + std::strerror(errno));
  return text;
}

Json parse_json(std::string_view text, const std::string& name) {
  try {
    return Json::parse(text.begin(), text.end());
  } catch (const Json::parse_error& error) {
    throw Error(ErrorCode::corrupt, "reading " + name + ": expected whole JSON, found a fault at byte " +
                                        std::to_string(error.byte) + " of " + std::to_string(text.size()));
  } catch (const Json::exception& error) {
    throw Error(ErrorCode::corrupt, "reading " + name + ": expected JSON, found: " + shortened(error.what()));
  }
}

void JsonValue::fail(const std::string& expected, const std::string& found) const {
  const std::string where = place_.empty() ? "" : " at " + place_;
  throw Error(ErrorCode::corrupt, "reading " + name_ + ": expected " + expected + where + ", found " + found);
}

std::string JsonValue::found() const {
  if (json_->is_string()) return "\"" + shortened(json_->get_ref<const std::string&>()) + "\"";
  if (json_->is_number()) return json_->dump();
  if (json_->is_array()) return "an array of " + std::to_string(json_->size());
  return json_->is_object() ? "an object" : json_->is_boolean() ? (json_->get<bool>() ? "true" : "false") : "null";
}

JsonValue JsonValue::at(const std::string& key) const {
  expect_object();
  const std::string place = place_.empty() ? key : place_ + "." + key;
  const auto found_key = json_->find(key);
  if (found_key == json_->end()) JsonValue(*json_, name_, place).fail("a value", "that the key is missing");
  return {*found_key, name_, place};
}

JsonValue JsonValue::at(std::size_t index) const {
  return {(*json_)[index], name_, place_ + "[" + std::to_string(index) + "]"};
}

std::string JsonValue::text() const {
  if (!json_->is_string()) fail("a string", found());
  return json_->get<std::string>();
}

bool JsonValue::boolean() const {
  if (!json_->is_boolean()) fail("true or false", found());
  return json_->get<bool>();
}

double JsonValue::number(double least, double most) const {
  const double value = json_->is_number() ? json_->get<double>() : std::nan("");
  if (!std::isfinite(value) || value < least || value > most) {
    fail("a number from " + number_text(least) + " to " + number_text(most), found());
  }
  return value;
}

std::size_t JsonValue::array_size() const {
  if (!json_->is_array()) fail("an array", found());
  return json_->size();
}

void JsonValue::expect_array_of(std::size_t size) const {
  if (!json_->is_array() || json_->size() != size) fail("an array of " + std::to_string(size), found());
}

void JsonValue::expect_object() const {
  if (!json_->is_object()) fail("an object", found());
}

}  // namespace rdenoise

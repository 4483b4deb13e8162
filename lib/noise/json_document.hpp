// SPDX-License-Identifier: LGPL-2.1-or-later
// JSON files that people edit: read whole, and every value checked before it is used.
#pragma once

#include <cstdint>
#include <filesystem>
#include <initializer_list>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

namespace rdenoise {

using Json = nlohmann::json;

/// throws  Error{not_found}, Error{io}, Error{corrupt} if the file is longer than most_bytes
[[nodiscard]] std::string read_text(const std::filesystem::path& path, std::uintmax_t most_bytes);

/// throws  Error{corrupt} that says at which byte
[[nodiscard]] Json parse_json(std::string_view text, const std::string& name);

/// A value of a document together with where it stands, for messages such as
/// "reading p.json: expected a number at a[1], found a string".
class JsonValue {
 public:
  JsonValue(const Json& json, std::string name, std::string place = "")
      : json_(&json), name_(std::move(name)), place_(std::move(place)) {}

  [[nodiscard]] bool has(const std::string& key) const { return json_->is_object() && json_->contains(key); }
  [[nodiscard]] JsonValue at(const std::string& key) const;
  [[nodiscard]] JsonValue at(std::size_t index) const;

  [[nodiscard]] bool is_null() const noexcept { return json_->is_null(); }
  [[nodiscard]] std::string text() const;
  [[nodiscard]] bool boolean() const;
  /// A finite number between least and most, both included.
  [[nodiscard]] double number(double least, double most) const;
  [[nodiscard]] std::size_t array_size() const;
  void expect_array_of(std::size_t size) const;
  void expect_object() const;

  /// throws  Error{corrupt}
  [[noreturn]] void fail(const std::string& expected, const std::string& found) const;
  /// What stands here, in words.
  [[nodiscard]] std::string found() const;

 private:
  const Json* json_;
  std::string name_;
  std::string place_;
};

}  // namespace rdenoise

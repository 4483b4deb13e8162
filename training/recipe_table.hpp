// SPDX-License-Identifier: LGPL-2.1-or-later
// One table of a recipe, read key by key.
#pragma once

#include <toml++/toml.h>

#include <rdenoise/error.hpp>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace rdenoise::training {

/// Remembers what was asked for, so that what is left over can be reported. A table that is absent has no keys.
class RecipeTable {
 public:
  RecipeTable(const toml::table* table, std::string where) : table_(table), where_(std::move(where)) {}

  /// Leaves value as it is if the key is absent.  throws  Error{corrupt} if it is of another type
  template <typename T>
  void read(const char* key, T& value) {
    known(key);
    if (!has(key)) return;
    const auto found = table_->at(key).value<T>();
    if (!found) fail(key);
    value = *found;
  }

  template <typename T>
  void read_list(const char* key, std::vector<T>& values) {
    known(key);
    if (!has(key)) return;
    const toml::array* array = table_->at(key).as_array();
    if (array == nullptr || array->empty()) fail(key);
    values.clear();
    for (const auto& item : *array) {
      const auto value = item.value<T>();
      if (!value) fail(key);
      values.push_back(*value);
    }
  }

  void known(const char* key) { known_.insert(key); }
  [[nodiscard]] bool has(const char* key) const { return table_ != nullptr && table_->contains(key); }

  /// throws  Error{corrupt} if a key was never asked for
  void finish() const {
    if (table_ == nullptr) return;
    for (const auto& [key, value] : *table_)
      if (!known_.contains(std::string(key.str())))
        throw Error(ErrorCode::corrupt,
                    "reading " + where_ + ": expected known keys, found \"" + std::string(key.str()) + "\"");
  }

  /// throws  Error{corrupt} naming the key and what was expected of it
  void require(bool condition, const char* key, const std::string& expected) const {
    if (condition) return;
    std::ostringstream found;
    if (has(key))
      found << toml::node_view<const toml::node>(table_->get(key));
    else
      found << "none such";
    throw Error(ErrorCode::corrupt,
                "reading " + where_ + ' ' + key + ": expected " + expected + ", found " + found.str());
  }

 private:
  [[noreturn]] void fail(const char* key) const {
    std::ostringstream found;
    found << toml::node_view<const toml::node>(table_->get(key));
    throw Error(ErrorCode::corrupt, "reading " + where_ + ", " + key + ": expected another type, found " + found.str());
  }

  const toml::table* table_;
  std::string where_;
  std::set<std::string> known_;
};

}  // namespace rdenoise::training

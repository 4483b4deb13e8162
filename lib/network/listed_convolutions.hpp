// SPDX-License-Identifier: LGPL-2.1-or-later
// A metadata entry that lists convolutions by name, with commas between.
#pragma once

#include <rdenoise/network.hpp>
#include <set>
#include <string>
#include <string_view>

namespace rdenoise {

/// The names, taken out of the list as they are asked for.
class ListedConvolutions {
 public:
  /// No entry is an empty list.
  ListedConvolutions(const Weights& weights, std::string_view key);
  [[nodiscard]] bool take(const std::string& name) { return names_.erase(name) > 0; }
  /// throws  Error{corrupt} naming the entry and what is left in it
  void check_all_taken() const;

 private:
  std::string key_;
  std::set<std::string> names_;
};

}  // namespace rdenoise

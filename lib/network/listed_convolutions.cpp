// SPDX-License-Identifier: LGPL-2.1-or-later
#include "network/listed_convolutions.hpp"

#include <algorithm>
#include <rdenoise/error.hpp>

namespace rdenoise {

ListedConvolutions::ListedConvolutions(const Weights& weights, std::string_view key) : key_(key) {
  const auto found = weights.metadata.find(key);
  if (found == weights.metadata.end()) return;
  std::string_view text = found->second;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(','), text.size());
    names_.emplace(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

void ListedConvolutions::check_all_taken() const {
  if (!names_.empty())
    throw Error(ErrorCode::corrupt, "reading model metadata, " + key_ +
                                        ": expected convolutions whose results alone undilated convolutions read, "
                                        "after a relu, found \"" +
                                        *names_.begin() + "\"");
}

}  // namespace rdenoise

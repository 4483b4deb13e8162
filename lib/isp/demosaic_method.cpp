// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>
#include <rdenoise/isp.hpp>

namespace rdenoise {

std::string_view to_string(DemosaicMethod method) noexcept {
  switch (method) {
    case DemosaicMethod::bilinear:
      return "bilinear";
    case DemosaicMethod::malvar:
      return "malvar";
    case DemosaicMethod::gbtf:
      return "gbtf";
  }
  return "unknown";
}

std::optional<DemosaicMethod> find_demosaic_method(std::string_view name) noexcept {
  const auto found = std::ranges::find(demosaic_methods, name, [](DemosaicMethod method) { return to_string(method); });
  if (found == demosaic_methods.end()) return std::nullopt;
  return *found;
}

}  // namespace rdenoise

// SPDX-License-Identifier: LGPL-2.1-or-later
#include "batch/file_report.hpp"

#include <array>

namespace rdn {

std::string_view to_string(FileStatus status) noexcept {
  constexpr std::array<std::string_view, 6> names{"done", "resumed", "skipped", "planned", "failed", "not begun"};
  return names[static_cast<std::size_t>(status)];
}

Json to_json(const FileReport& report) {
  Json object = {{"source", report.source.string()},
                 {"output", report.output.empty() ? Json(nullptr) : Json(report.output.string())},
                 {"status", to_string(report.status)}};
  if (!report.reason.empty()) object["reason"] = report.reason;
  if (report.output_bytes > 0) object["output_bytes"] = report.output_bytes;
  object.update(report.details);
  return object;
}

}  // namespace rdn

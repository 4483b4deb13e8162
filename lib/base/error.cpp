// SPDX-License-Identifier: LGPL-2.1-or-later
#include <rdenoise/error.hpp>

namespace rdenoise {

std::string_view to_string(ErrorCode code) noexcept {
  switch (code) {
    case ErrorCode::invalid_argument:
      return "invalid argument";
    case ErrorCode::not_found:
      return "not found";
    case ErrorCode::io:
      return "input/output error";
    case ErrorCode::corrupt:
      return "damaged data";
    case ErrorCode::unsupported:
      return "unsupported";
    case ErrorCode::internal:
      return "internal error";
  }
  return "unknown error";
}

}  // namespace rdenoise

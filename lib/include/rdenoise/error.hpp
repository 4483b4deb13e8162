// SPDX-License-Identifier: LGPL-2.1-or-later
// The one error type of the library.
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

namespace rdenoise {

enum class ErrorCode {
  invalid_argument,  ///< the caller asked for something that makes no sense
  not_found,         ///< a file, model or network of that name does not exist
  io,                ///< the operating system refused to read or write
  corrupt,           ///< the bytes are damaged or lie about themselves
  unsupported,       ///< valid, but nothing here can handle it
  internal           ///< a library below failed in a way that is no fault of the caller
};

[[nodiscard]] std::string_view to_string(ErrorCode code) noexcept;

/// Thrown by every function of the library; translated once at each edge (elements, programs).
/// The message reads "doing what: expected …, found …".
class Error final : public std::runtime_error {
 public:
  Error(ErrorCode code, const std::string& message) : std::runtime_error(message), code_(code) {}
  [[nodiscard]] ErrorCode code() const noexcept { return code_; }

 private:
  ErrorCode code_;
};

}  // namespace rdenoise

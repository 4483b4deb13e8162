// SPDX-License-Identifier: LGPL-2.1-or-later
// Where the library's exceptions become GStreamer's element errors: nothing is thrown across a vfunc.
#pragma once

#include <gst/gst.h>

#include <exception>
#include <utility>

namespace rdenoise::gst {

/// What failed: the same ErrorCode means other things for a stream and for a model file.
enum class ErrorSource { stream, model };

/// Posts the exception on the bus as GST_ELEMENT_ERROR with fitting domain and code.
void post_error(GstElement* element, ErrorSource source, const std::exception& error) noexcept;

/// Runs `body`; if it throws, posts the error and returns `failed`.
template <typename Result, typename Body>
Result guarded(GstElement* element, ErrorSource source, Result failed, Body&& body) noexcept {
  try {
    return std::forward<Body>(body)();
  } catch (const std::exception& error) {
    post_error(element, source, error);
    return failed;
  }
}

}  // namespace rdenoise::gst

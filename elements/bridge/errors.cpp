// SPDX-License-Identifier: LGPL-2.1-or-later
#include "bridge/errors.hpp"

#include <new>
#include <rdenoise/error.hpp>

namespace rdenoise::gst {
namespace {

struct ElementError {
  GQuark domain;
  int code;
};

ElementError for_stream(ErrorCode code) {
  switch (code) {
    case ErrorCode::invalid_argument:
      return {GST_LIBRARY_ERROR, GST_LIBRARY_ERROR_SETTINGS};
    case ErrorCode::not_found:
      return {GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_NOT_FOUND};
    case ErrorCode::io:
      return {GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_READ};
    case ErrorCode::corrupt:
      return {GST_STREAM_ERROR, GST_STREAM_ERROR_DECODE};
    case ErrorCode::unsupported:
      return {GST_STREAM_ERROR, GST_STREAM_ERROR_WRONG_TYPE};
    case ErrorCode::internal:
      break;
  }
  return {GST_LIBRARY_ERROR, GST_LIBRARY_ERROR_FAILED};
}

ElementError for_model(ErrorCode code) {
  switch (code) {
    case ErrorCode::corrupt:
    case ErrorCode::io:
      return {GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_READ};
    case ErrorCode::unsupported:
      return {GST_LIBRARY_ERROR, GST_LIBRARY_ERROR_SETTINGS};
    default:
      return for_stream(code);
  }
}

ElementError classify(ErrorSource source, const std::exception& error) {
  if (const auto* own = dynamic_cast<const Error*>(&error)) {
    return source == ErrorSource::model ? for_model(own->code()) : for_stream(own->code());
  }
  if (dynamic_cast<const std::bad_alloc*>(&error) != nullptr) {
    return {GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_NO_SPACE_LEFT};
  }
  return {GST_CORE_ERROR, GST_CORE_ERROR_FAILED};
}

}  // namespace

void post_error(GstElement* element, ErrorSource source, const std::exception& error) noexcept {
  const auto [domain, code] = classify(source, error);
  gst_element_message_full(element, GST_MESSAGE_ERROR, domain, code, g_strdup(error.what()), nullptr, __FILE__,
                           GST_FUNCTION, __LINE__);
}

}  // namespace rdenoise::gst

// SPDX-License-Identifier: LGPL-2.1-or-later
// The errors of oneDNN and of memory, translated at their door.
#pragma once

#include <new>
#include <oneapi/dnnl/dnnl.hpp>
#include <rdenoise/error.hpp>
#include <string>

namespace rdenoise::onednn {

template <typename Work>
auto translated(const char* doing, Work work) {
  try {
    return work();
  } catch (const dnnl::error& e) {
    throw Error(ErrorCode::internal, std::string(doing) + ": expected oneDNN to succeed, found \"" + e.message +
                                         "\" (status " + std::to_string(static_cast<int>(e.status)) + ")");
  } catch (const std::bad_alloc&) {
    throw Error(ErrorCode::internal, std::string(doing) + ": expected enough memory, found too little");
  }
}

}  // namespace rdenoise::onednn

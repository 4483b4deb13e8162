// SPDX-License-Identifier: LGPL-2.1-or-later
// The part of a model folder that makes it class-aware.
#pragma once

#include <rdenoise/error.hpp>
#include <rdenoise/model.hpp>

namespace rdenoise {

/// Calls `read`, and names the file in its errors. A description that cannot be built comes from the file, so the file
/// is what is wrong.
template <typename Read>
void naming_model_file(const std::filesystem::path& path, Read read) {
  try {
    read();
  } catch (const Error& error) {
    const ErrorCode code = error.code() == ErrorCode::invalid_argument || error.code() == ErrorCode::not_found
                               ? ErrorCode::corrupt
                               : error.code();
    throw Error(code, "loading model " + path.string() + ": " + error.what());
  }
}

/// Reads the folder's classes and their classifier, if it has them.
/// model   read from the folder's weights.safetensors
/// throws  Error{corrupt|io|unsupported} naming the file
void load_classes(const std::filesystem::path& folder, Model& model);

}  // namespace rdenoise

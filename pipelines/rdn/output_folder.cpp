// SPDX-License-Identifier: LGPL-2.1-or-later
#include "output_folder.hpp"

#include <rdenoise/error.hpp>
#include <string>
#include <system_error>

namespace rdn {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail(const fs::path& path, const std::string& found) {
  throw rdenoise::Error(rdenoise::ErrorCode::io,
                        "writing to " + path.string() + ": expected a folder that takes files, found " + found);
}

}  // namespace

OutputFolder::OutputFolder(fs::path path) : path_(std::move(path)), staging_(path_ / ".unfinished") {
  std::error_code error;
  const fs::file_status status = fs::status(path_, error);
  if (fs::exists(status) && !fs::is_directory(status)) fail(path_, "a file");
  is_new_ = fs::create_directory(path_, error);
  if (error) fail(path_, error.message());
  // What a run that was cut off has left would otherwise turn up among the new files.
  fs::remove_all(staging_, error);
  if (!error) fs::create_directory(staging_, error);
  if (error) {
    const std::string message = error.message();
    if (is_new_) fs::remove(path_, error);
    fail(path_, message);
  }
}

OutputFolder::~OutputFolder() {
  std::error_code ignored;
  fs::remove_all(staging_, ignored);
  if (!committed_ && is_new_) fs::remove(path_, ignored);
}

void OutputFolder::commit() {
  std::error_code error;
  for (const fs::directory_entry& entry : fs::directory_iterator(staging_)) {
    fs::rename(entry.path(), path_ / entry.path().filename(), error);
    if (error) fail(path_ / entry.path().filename(), error.message());
  }
  committed_ = true;
}

}  // namespace rdn

// SPDX-License-Identifier: LGPL-2.1-or-later
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <rdenoise/error.hpp>
#include <rdenoise/text_file.hpp>
#include <string>

#include "base/atomic_file.hpp"
#include "support/temporary_folder.hpp"

namespace rdenoise::test {
namespace {

TEST(TextFile, holds_the_text_and_replaces_what_was_there) {
  const TemporaryFolder folder;
  write_text_file(folder / "a.txt", "a longer text");
  write_text_file(folder / "a.txt", "short");
  std::ifstream stream(folder / "a.txt");
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(stream), {}), "short");
}

TEST(TextFile, a_folder_that_is_not_there_is_an_error_that_names_the_file) {
  try {
    write_text_file("/nonexistent-folder/a.txt", "text");
    FAIL() << "wrote";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::io);
    EXPECT_NE(std::string(error.what()).find("/nonexistent-folder/a.txt"), std::string::npos);
  }
}

TEST(TextFile, names_of_temporary_files_are_told_from_all_others) {
  const TemporaryFolder folder;
  const AtomicFile file(folder / "photo.1.dng");
  EXPECT_TRUE(is_temporary_name_of(file.temporary().filename(), "photo.1.dng"));
  EXPECT_FALSE(is_temporary_name_of(file.temporary().filename(), "photo.dng"));
  EXPECT_FALSE(is_temporary_name_of(file.temporary().filename(), "photo.1.png"));
  EXPECT_FALSE(is_temporary_name_of("photo.1.dng", "photo.1.dng"));
  EXPECT_FALSE(is_temporary_name_of(".photo.1.dng", "photo.1.dng"));
  EXPECT_FALSE(is_temporary_name_of(".photo.1.mine.dng", "photo.1.dng"));
}

}  // namespace
}  // namespace rdenoise::test

// SPDX-License-Identifier: LGPL-2.1-or-later
#include "base/atomic_file.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>
#include <iterator>
#include <rdenoise/error.hpp>
#include <string>

#include "support/temporary_folder.hpp"

namespace rdenoise {
namespace {

void put(const std::filesystem::path& path, const std::string& text) { std::ofstream(path) << text; }

std::string text_of(const std::filesystem::path& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST(AtomicFile, appears_under_its_name_at_commit_and_not_before) {
  const test::TemporaryFolder folder;
  const auto path = folder / "name.png";
  AtomicFile file(path);
  put(file.temporary(), "whole");
  EXPECT_FALSE(std::filesystem::exists(path));
  file.commit();
  EXPECT_EQ(text_of(path), "whole");
  EXPECT_FALSE(std::filesystem::exists(file.temporary()));
}

TEST(AtomicFile, leaves_nothing_behind_without_commit) {
  const test::TemporaryFolder folder;
  {
    const AtomicFile file(folder / "name.png");
    put(file.temporary(), "half");
  }
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

TEST(AtomicFile, without_commit_keeps_the_old_file) {
  const test::TemporaryFolder folder;
  const auto path = folder / "name.png";
  put(path, "old");
  {
    const AtomicFile file(path);
    put(file.temporary(), "half");
  }
  EXPECT_EQ(text_of(path), "old");
}

TEST(AtomicFile, temporary_lies_in_the_same_folder_with_the_same_ending) {
  const test::TemporaryFolder folder;
  const AtomicFile file(folder / "name.tiff");
  EXPECT_EQ(file.temporary().parent_path(), folder.path());
  EXPECT_EQ(file.temporary().extension(), ".tiff");
}

TEST(AtomicFile, two_for_the_same_name_do_not_meet) {
  const test::TemporaryFolder folder;
  AtomicFile first(folder / "name");
  AtomicFile second(folder / "name");
  EXPECT_NE(first.temporary(), second.temporary());
  put(first.temporary(), "first");
  put(second.temporary(), "second");
  first.commit();
  second.commit();
  EXPECT_EQ(text_of(folder / "name"), "second");
}

TEST(AtomicFile, has_the_permissions_that_the_mask_leaves) {
  const test::TemporaryFolder folder;
  const mode_t before = ::umask(027);
  AtomicFile file(folder / "name");
  ::umask(before);
  file.commit();
  EXPECT_EQ(static_cast<unsigned>(std::filesystem::status(folder / "name").permissions()), 0640U);
}

TEST(AtomicFile, in_a_folder_that_does_not_exist_is_an_io_error_that_names_the_file) {
  const test::TemporaryFolder folder;
  try {
    const AtomicFile file(folder / "none/name.png");
    FAIL() << "was made";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::io);
    EXPECT_NE(std::string(error.what()).find("none/name.png"), std::string::npos) << error.what();
  }
}

TEST(AtomicFile, commit_reports_that_the_name_is_taken_by_a_folder) {
  const test::TemporaryFolder folder;
  std::filesystem::create_directory(folder / "taken");
  {
    AtomicFile file(folder / "taken");
    EXPECT_THROW(file.commit(), Error);
  }
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder.path()), {}), 1);
}

}  // namespace
}  // namespace rdenoise

// SPDX-License-Identifier: LGPL-2.1-or-later
#include <gtest/gtest.h>

#include <array>
#include <rdenoise/error.hpp>
#include <set>

namespace rdenoise {
namespace {

TEST(Error, keeps_its_code_and_message_as_a_standard_exception) {
  try {
    throw Error(ErrorCode::corrupt, "reading x: expected a, found b");
  } catch (const std::exception& caught) {
    EXPECT_STREQ(caught.what(), "reading x: expected a, found b");
    const auto* error = dynamic_cast<const Error*>(&caught);
    ASSERT_NE(error, nullptr);
    EXPECT_EQ(error->code(), ErrorCode::corrupt);
  }
}

TEST(Error, every_code_has_a_name_of_its_own) {
  std::set<std::string_view> names;
  for (const ErrorCode code : {ErrorCode::invalid_argument, ErrorCode::not_found, ErrorCode::io, ErrorCode::corrupt,
                               ErrorCode::unsupported, ErrorCode::internal}) {
    EXPECT_FALSE(to_string(code).empty());
    EXPECT_TRUE(names.insert(to_string(code)).second) << to_string(code);
  }
}

}  // namespace
}  // namespace rdenoise

// SPDX-License-Identifier: LGPL-2.1-or-later
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <limits>
#include <rdenoise/csv.hpp>
#include <rdenoise/error.hpp>

#include "support/temporary_folder.hpp"

namespace rdenoise {
namespace {

TEST(CsvFile, has_names_and_rows_and_leaves_out_what_is_not_finite) {
  const double infinity = std::numeric_limits<double>::infinity();
  EXPECT_EQ(to_csv({{"sigma_8bit", "psnr_db"}, {{25.0, 30.1875}, {0.0, infinity}}}),
            "sigma_8bit,psnr_db\n25,30.1875\n0,\n");
  EXPECT_EQ(to_csv({{"x"}, {}}), "x\n");
}

TEST(CsvFile, numbers_are_read_back_as_the_same_bits) {
  for (const double value : {1.0 / 3.0, -1e-300, 1.7976931348623157e308, 5e-324}) {
    EXPECT_EQ(std::strtod(to_csv({{"x"}, {{value}}}).c_str() + 2, nullptr), value);
  }
}

TEST(CsvFile, records_quote_what_would_end_a_field) {
  EXPECT_EQ(records_to_csv({{"layer", "name"}, {{1.0, "model.0"}, {2.5, "a,\"b\""}}}),
            "layer,name\n1,model.0\n2.5,\"a,\"\"b\"\"\"\n");
}

TEST(CsvFile, refuses_names_and_rows_that_do_not_fit) {
  EXPECT_THROW(static_cast<void>(to_csv({{"a,b"}, {}})), Error);
  EXPECT_THROW(static_cast<void>(to_csv({{"a", "b"}, {{1.0}}})), Error);
}

TEST(CsvFile, is_written_whole_or_not_at_all) {
  const test::TemporaryFolder folder;
  write_csv(folder / "a.csv", {{"x"}, {{1.5}}});
  std::ifstream stream(folder / "a.csv");
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(stream), {}), "x\n1.5\n");
  EXPECT_THROW(write_csv(folder / "absent" / "a.csv", {{"x"}, {}}), Error);
}

}  // namespace
}  // namespace rdenoise

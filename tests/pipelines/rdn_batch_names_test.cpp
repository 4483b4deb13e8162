// SPDX-License-Identifier: LGPL-2.1-or-later
// rdn batch: names of outputs, what stands there already, and shards.
#include <filesystem>
#include <rdenoise/picture_file.hpp>

#include "batch_workplace.hpp"

namespace rdenoise::test {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

class RdnBatchNames : public BatchWorkplace {
 protected:
  void put_old_file() const {
    fs::create_directories(path("out"));
    (void)write_text("out/photo-0.dng", "old");
  }
};

TEST_F(RdnBatchNames, skip_leaves_the_old_file_and_is_no_failure) {
  write_photos(2);
  put_old_file();
  const json report = batch_object({path("in"), "-o", path("out")});
  EXPECT_EQ(statuses(report),
            (std::map<std::string, std::string>{{"photo-0.dng", "skipped"}, {"photo-1.dng", "done"}}));
  EXPECT_EQ(contents_of(path("out"))["photo-0.dng"], "old");
}

TEST_F(RdnBatchNames, overwrite_replaces_it) {
  write_photos(1);
  put_old_file();
  EXPECT_EQ(batch_object({path("in"), "-o", path("out"), "--on-exist", "overwrite"})["done"], 1);
  EXPECT_EQ(read_raw_file(path("out/photo-0.dng")).width_px, 48);
}

TEST_F(RdnBatchNames, rename_writes_beside_it) {
  write_photos(1);
  put_old_file();
  EXPECT_EQ(batch_object({path("in"), "-o", path("out"), "--on-exist", "rename"})["reports"][0]["output"],
            "photo-0-2.dng");
  EXPECT_EQ(contents_of(path("out"))["photo-0.dng"], "old");
  EXPECT_EQ(read_raw_file(path("out/photo-0-2.dng")).width_px, 48);
}

TEST_F(RdnBatchNames, fail_names_the_file_and_converts_the_rest) {
  write_photos(2);
  put_old_file();
  const json report = batch_object({path("in"), "-o", path("out"), "--on-exist", "fail"}, 1);
  EXPECT_EQ(statuses(report), (std::map<std::string, std::string>{{"photo-0.dng", "failed"}, {"photo-1.dng", "done"}}));
  EXPECT_EQ(contents_of(path("out"))["photo-0.dng"], "old");
}

TEST_F(RdnBatchNames, two_sources_of_one_output_are_told_apart_or_refused) {
  write_formula_picture("in/a.png", ColorModel::rgb);
  write_formula_picture("in/a.tiff", ColorModel::gray);
  EXPECT_EQ(batch_object({path("in"), "-o", path("out"), "--format", "jpeg"}, 1)["done"], 1);
  EXPECT_EQ(batch_object({path("in"), "-o", path("named"), "--format", "jpeg", "--name", "{name}_{ext}"})["done"], 2);
  EXPECT_TRUE(fs::exists(path("named/a_png.jpg")) && fs::exists(path("named/a_tiff.jpg")));
  EXPECT_EQ(batch_object({path("in"), "-o", path("numbered"), "--format", "jpeg", "--on-exist", "rename"})["done"], 2);
  EXPECT_TRUE(fs::exists(path("numbered/a.jpg")) && fs::exists(path("numbered/a-2.jpg")));
}

TEST_F(RdnBatchNames, no_source_is_ever_replaced) {
  write_photos(1);
  const FolderContents before = contents_of(path("in"));
  EXPECT_EQ(batch_object({path("in"), "-o", path("in"), "--on-exist", "overwrite"}, 1)["failed"], 1);
  EXPECT_EQ(contents_of(path("in")), before);
}

TEST_F(RdnBatchNames, shards_are_a_partition_and_their_reports_merge_into_the_whole) {
  write_photos(9);
  Words merge{"merge-reports"};
  int done = 0;
  for (const std::string index : {"1", "2", "3"}) {
    const std::string report = path("report-" + index + ".json");
    done += batch_object({path("in"), "-o", path("out"), "--on-exist", "fail", "--shard", index + "/3", "--report",
                          report})["done"]
                .get<int>();
    merge.push_back(report);
  }
  EXPECT_EQ(done, 9);
  const json merged = batch_object(merge);
  EXPECT_EQ(merged["files"], 9);
  EXPECT_EQ(merged["done"], 9);
  EXPECT_TRUE(merged["twice"].empty());
  EXPECT_EQ(batch({path("in"), "-o", path("whole")}).exit_code, 0);
  EXPECT_EQ(contents_of(path("out")), contents_of(path("whole")));

  const Words reports(merge.begin() + 1, merge.end());
  merge.insert(merge.end(), reports.begin(), reports.end());
  EXPECT_EQ(batch_object(merge, 1)["twice"].size(), 9U);
  EXPECT_EQ(batch({"merge-reports", write_text("no.json", "{}")}).exit_code, 1);
}

TEST_F(RdnBatchNames, a_shard_is_the_same_wherever_the_folder_lies) {
  write_photos(6);
  fs::copy(path("in"), path("elsewhere"));
  for (const std::string shard : {"1/2", "2/2"}) {
    const auto names = [&](const std::string& folder) {
      return statuses(batch_object({path(folder), "-o", path("out"), "--dry-run", "--shard", shard}));
    };
    EXPECT_EQ(names("in"), names("elsewhere"));
  }
}

}  // namespace
}  // namespace rdenoise::test

// SPDX-License-Identifier: LGPL-2.1-or-later
// rdn batch: which files it takes, what it makes of them, and what it says.
#include <filesystem>
#include <fstream>
#include <rdenoise/picture_file.hpp>
#include <set>

#include "batch_workplace.hpp"

namespace rdenoise::test {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

class RdnBatch : public BatchWorkplace {};

std::string bytes_of(const std::string& path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

TEST_F(RdnBatch, writes_the_very_files_that_denoise_writes) {
  write_photos(2);
  write_formula_picture("in/picture.png", ColorModel::rgb);
  for (const std::string format : {"dng", "tiff", "png", "jpeg"}) {
    const std::string out = path("out-" + format);
    Words arguments{path("in"), "--output-dir", out, "--format", format, "--noise-method", "poisson-gaussian"};
    // A picture cannot become a mosaic.
    EXPECT_EQ(batch(arguments).exit_code, format == "dng" ? 1 : 0);
    for (const std::string name : {"photo-0", "photo-1", "picture"}) {
      const std::string source = path("in/" + name) + (name == "picture" ? ".png" : ".dng");
      const std::string ending = format == "jpeg" ? ".jpg" : "." + format;
      if (format == "dng" && name == "picture") {
        EXPECT_FALSE(fs::exists(out + "/picture.dng"));
        continue;
      }
      const std::string single = path("single-" + name + ending);
      ASSERT_EQ(run_rdn({"denoise", source, single}).exit_code, 0);
      EXPECT_EQ(bytes_of(out + "/" + name + ending), bytes_of(single)) << name << ending;
    }
  }
}

TEST_F(RdnBatch, without_a_format_raw_photos_stay_mosaics_and_pictures_keep_their_format) {
  write_photos(1);
  write_formula_picture("in/a.png", ColorModel::rgb);
  write_formula_picture("in/b.tif", ColorModel::gray);
  EXPECT_EQ(batch({path("in"), "-o", path("out")}).exit_code, 0);
  EXPECT_EQ(read_raw_file(path("out/photo-0.dng")).width_px, 48);
  EXPECT_EQ(read_picture(path("out/a.png")).source_bit_depth, 8);
  EXPECT_EQ(read_picture(path("out/b.tif")).image.color_model(), ColorModel::gray);
}

TEST_F(RdnBatch, files_are_found_by_name_pattern_folder_and_list) {
  write_photos(3);
  const std::set<std::string> all{"photo-0.dng", "photo-1.dng", "photo-2.dng"};
  write_text("list.txt", path("in/photo-0.dng") + "\n\n" + path("in/photo-1.dng") + "\r\n" + path("in/photo-2.dng"));
  write_text("in/notes.txt", "not a picture");
  for (const Words& inputs : std::vector<Words>{{path("in")},
                                                {path("in/photo-*.dng")},
                                                {path("in/photo-[01].dng"), path("in/photo-2.dng")},
                                                {"@" + path("list.txt")},
                                                {"--files-from", path("list.txt")},
                                                {path("in"), path("in/photo-1.dng")}}) {
    Words arguments = inputs;
    arguments.insert(arguments.end(), {"-o", path("out"), "--dry-run"});
    std::set<std::string> found;
    const json report = batch_object(arguments);
    for (const auto& [name, status] : statuses(report)) {
      found.insert(name);
      EXPECT_EQ(status, "planned");
    }
    EXPECT_EQ(found, all) << testing::PrintToString(inputs);
    EXPECT_EQ(report["files"], 3);
  }
  EXPECT_FALSE(fs::exists(path("out"))) << "a dry run has left something";
}

TEST_F(RdnBatch, recursive_folders_keep_their_places_and_leave_the_output_folder_out) {
  fs::create_directories(path("in/a/b"));
  for (const std::string name : {"in/top.dng", "in/a/one.dng", "in/a/b/one.dng"}) write_formula_dng(name);
  const Words arguments{path("in"), "-r", "-o", path("in/out"), "--format", "png"};
  EXPECT_EQ(batch(arguments).exit_code, 0);
  const FolderContents first = contents_of(path("in/out"));
  ASSERT_EQ(first.size(), 3U);
  EXPECT_TRUE(first.contains("top.png") && first.contains("a/one.png") && first.contains("a/b/one.png"));
  EXPECT_EQ(batch(arguments).exit_code, 0);
  EXPECT_EQ(contents_of(path("in/out")), first);
  EXPECT_EQ(batch_object({path("in"), "-o", path("flat"), "--dry-run"})["files"], 1);
}

TEST_F(RdnBatch, bad_files_are_named_with_their_reasons_and_the_rest_is_converted) {
  write_photos(2);
  write_text("in/empty.dng", "");
  write_text("in/text.png", "no picture");
  std::string half = bytes_of(path("in/photo-0.dng"));
  half.resize(half.size() / 2);
  write_text("in/half.dng", half);
  const ProgramResult result =
      batch({path("in"), path("gone.dng"), path("none-*.dng"), "-o", path("out"), "--report", path("report.json")});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_EQ(result.out, "");
  const json report = json::parse(bytes_of(path("report.json")));
  EXPECT_EQ(report["done"], 2);
  EXPECT_EQ(report["failed"], 5);
  for (const json& file : report["reports"]) {
    if (file["status"] == "done") continue;
    EXPECT_FALSE(file["reason"].get<std::string>().empty());
    EXPECT_NE(result.messages.find(file["source"].get<std::string>()), std::string::npos) << file;
  }
  EXPECT_EQ(contents_of(path("out")).size(), 2U);
}

TEST_F(RdnBatch, report_tells_noise_hints_and_times_of_each_file) {
  write_photos(1);
  const json report = batch_object({path("in"), "-o", path("out"), "--format", "tiff", "--sigma", "5"});
  const json& file = report["reports"][0];
  for (const char* key : {"source", "output", "width", "height", "color_model", "camera", "model", "precision"})
    EXPECT_TRUE(file.contains(key)) << key;
  EXPECT_EQ(file["noise_source"], "given");
  EXPECT_NEAR(file["noise"]["sigma_8bit"].get<double>(), 5.0, 1e-9);
  for (const char* key : {"residual_sigma_8bit", "removed_share", "autocorrelation_x", "structure_share"})
    EXPECT_TRUE(file["hints"].contains(key)) << key;
  for (const char* key : {"read", "estimate", "denoise", "judge", "develop", "write"})
    EXPECT_GE(file["seconds"][key].get<double>(), 0.0) << key;
}

TEST_F(RdnBatch, progress_is_a_line_for_each_file_or_a_json_object_on_each_line) {
  write_photos(3);
  const ProgramResult lines = batch({path("in"), "-o", path("lines")});
  EXPECT_NE(lines.messages.find("[3/3] "), std::string::npos) << lines.messages;
  const ProgramResult objects = batch({path("in"), "-o", path("objects"), "--json"});
  std::istringstream stream(objects.messages);
  int count = 0;
  for (std::string line; std::getline(stream, line);) {
    const json object = json::parse(line, nullptr, false);
    if (!object.is_object()) continue;
    ++count;
    EXPECT_EQ(object["total"], 3);
    EXPECT_EQ(object["done"], count);
    EXPECT_EQ(object["status"], "done");
  }
  EXPECT_EQ(count, 3);
}

TEST_F(RdnBatch, result_depends_on_neither_jobs_nor_threads_nor_memory) {
  write_photos(5, 90, 70);
  const Words common{path("in"), "--format", "tiff", "-o"};
  const auto result_of = [&](const std::string& name, const Words& more) {
    Words arguments = common;
    arguments.push_back(path(name));
    arguments.insert(arguments.end(), more.begin(), more.end());
    EXPECT_EQ(batch(arguments).exit_code, 0);
    return contents_of(path(name));
  };
  const FolderContents one = result_of("one", {"--jobs", "1", "--threads", "1"});
  EXPECT_EQ(one.size(), 5U);
  EXPECT_EQ(result_of("many", {"--jobs", "4"}), one);
  EXPECT_EQ(result_of("tiles", {"--jobs", "2", "--tile-size", "32"}).size(), 5U);
  EXPECT_EQ(result_of("little", {"--jobs", "4", "--max-memory", "1M"}), one);
}

TEST_F(RdnBatch, wrong_calls_exit_with_2) {
  write_photos(1);
  for (const Words& call : std::vector<Words>{{},
                                              {path("in")},
                                              {"-o", path("out")},
                                              {path("in"), "-o", path("out"), "--format", "gif"},
                                              {path("in"), "-o", path("out"), "--shard", "4/3"},
                                              {path("in"), "-o", path("out"), "--shard", "0/3"},
                                              {path("in"), "-o", path("out"), "--shard", "1"},
                                              {path("in"), "-o", path("out"), "--on-exist", "ask"},
                                              {path("in"), "-o", path("out"), "--name", "fixed"},
                                              {path("in"), "-o", path("out"), "--name", "../{name}"},
                                              {path("in"), "-o", path("out"), "--jobs", "-1"},
                                              {"merge-reports"}}) {
    const ProgramResult result = batch(call);
    EXPECT_EQ(result.exit_code, 2) << testing::PrintToString(call) << result.messages;
    EXPECT_EQ(result.out, "");
  }
  EXPECT_FALSE(fs::exists(path("out")));
}

}  // namespace
}  // namespace rdenoise::test

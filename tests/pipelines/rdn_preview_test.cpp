// SPDX-License-Identifier: LGPL-2.1-or-later
// `rdn preview` without a window, on its test source and on a file.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "run_program.hpp"
#include "workplace.hpp"

namespace rdenoise::test {
namespace {

class RdnPreview : public Workplace {
 protected:
  void SetUp() override {
    Workplace::SetUp();
    // By name: the preset's own models are none of the workplace's.
    model_ = "ffdnet-gray";
  }

  [[nodiscard]] ProgramResult preview(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), {"preview", "--model", model_, "--json"});
    return run_rdn(std::move(arguments));
  }

  /// The last object of the output.
  static nlohmann::json final_figures(const ProgramResult& result) {
    std::istringstream lines(result.out);
    nlohmann::json last;
    for (std::string line; std::getline(lines, line);) last = nlohmann::json::parse(line);
    return last;
  }

  std::string model_;
};

TEST_F(RdnPreview, of_the_test_source_tells_its_figures_and_ends_in_time) {
  const ProgramResult result = preview(
      {"--source", "test", "--sink", "fake", "--size", "64x48", "--rate", "30", "--duration", "2", "--compare"});
  ASSERT_EQ(result.exit_code, 0) << result.messages;
  const nlohmann::json figures = final_figures(result);
  EXPECT_EQ(figures["final"], true);
  EXPECT_GE(figures["frames"], 1);
  EXPECT_EQ(figures["model"], "ffdnet-gray");
  EXPECT_GT(figures["latency_ms"]["p95"], 0.0);
  EXPECT_GE(figures["latency_ms"]["max"], figures["latency_ms"]["p50"].get<double>() - 0.5);
  EXPECT_GT(figures["rss_mib"], 1.0);
}

TEST_F(RdnPreview, of_a_mosaic_camera_develops_after_denoising) {
  model_ = "ffdnet-bayer";
  const ProgramResult result =
      preview({"--source", "test", "--bayer", "--sink", "fake", "--size", "64x48", "--rate", "30", "--duration", "2"});
  ASSERT_EQ(result.exit_code, 0) << result.messages;
  EXPECT_GE(final_figures(result)["frames"], 1);
}

TEST_F(RdnPreview, plays_a_file_to_its_end_or_again_and_again) {
  const std::string film = path("film.mkv");
  const ProgramResult made = run_program({"gst-launch-1.0", "-q", "videotestsrc", "num-buffers=12", "!",
                                          "video/x-raw,format=I420,width=64,height=48,framerate=30/1", "!", "jpegenc",
                                          "!", "matroskamux", "!", "filesink", "location=" + film});
  ASSERT_EQ(made.exit_code, 0) << made.messages;
  const ProgramResult once = preview({"--source", film, "--sink", "fake"});
  ASSERT_EQ(once.exit_code, 0) << once.messages;
  const nlohmann::json figures = final_figures(once);
  EXPECT_EQ(figures["frames"].get<int>() + figures["dropped"].get<int>(), 12);
  const ProgramResult looped = preview({"--source", film, "--sink", "fake", "--loop", "--duration", "3"});
  ASSERT_EQ(looped.exit_code, 0) << looped.messages;
  EXPECT_GT(final_figures(looped)["frames"].get<int>() + final_figures(looped)["dropped"].get<int>(), 12);
}

TEST_F(RdnPreview, writes_a_file_that_is_whole_when_the_time_is_over) {
  const std::string film = path("out.mkv");
  const ProgramResult result =
      preview({"--source", "test", "--size", "64x48", "--rate", "30", "--sink", film, "--duration", "2"});
  if (result.exit_code == 2) GTEST_SKIP() << "no encoder here: " << result.messages;
  ASSERT_EQ(result.exit_code, 0) << result.messages;
  const ProgramResult played = preview({"--source", film, "--sink", "fake"});
  ASSERT_EQ(played.exit_code, 0) << played.messages;
  EXPECT_GE(final_figures(played)["frames"], 1);
}

TEST_F(RdnPreview, tells_what_failed) {
  const ProgramResult absent = preview({"--source", "/no/such/film.mkv", "--sink", "fake"});
  EXPECT_EQ(absent.exit_code, 2);
  EXPECT_NE(absent.messages.find("/no/such/film.mkv"), std::string::npos) << absent.messages;
  const ProgramResult no_film = preview({"--source", write_text("text.mkv", "this is no film"), "--sink", "fake"});
  EXPECT_EQ(no_film.exit_code, 1);
  EXPECT_NE(no_film.messages.find("preview: "), std::string::npos) << no_film.messages;
  model_ = "no-such-model";
  const ProgramResult no_model = preview({"--source", "test", "--sink", "fake", "--duration", "5"});
  EXPECT_EQ(no_model.exit_code, 1);
  EXPECT_NE(no_model.messages.find("no-such-model"), std::string::npos) << no_model.messages;
}

TEST_F(RdnPreview, without_a_display_or_a_camera_says_so) {
  const ProgramResult no_display = run_program({"env", "-u", "DISPLAY", "-u", "WAYLAND_DISPLAY", RDN_PROGRAM, "preview",
                                                "--model", model_, "--source", "test", "--duration", "5"});
  if (no_display.exit_code == 0) GTEST_SKIP() << "the console itself shows video here";
  EXPECT_EQ(no_display.exit_code, 1) << no_display.messages;
  EXPECT_NE(no_display.messages.find("--sink fake"), std::string::npos) << no_display.messages;
  const ProgramResult no_camera = preview({"--source", "/dev/video987", "--sink", "fake", "--duration", "5"});
  EXPECT_EQ(no_camera.exit_code, 1) << no_camera.messages;
  EXPECT_NE(no_camera.messages.find("/dev/video987"), std::string::npos) << no_camera.messages;
}

}  // namespace
}  // namespace rdenoise::test

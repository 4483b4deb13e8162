// SPDX-License-Identifier: LGPL-2.1-or-later
// The window of `rdn preview`, on a display of its own.
#include <gtest/gtest.h>

#include <cmath>
#include <rdenoise/picture_file.hpp>
#include <string>

#include "run_program.hpp"
#include "support/temporary_folder.hpp"

namespace rdenoise::test {
namespace {

constexpr int width_px = 640;
constexpr int height_px = 360;

/// Root of the mean square of differences of neighbours in a row: noise shows there.
double roughness(const Image& picture, int x_px, int y_px, int size_px) {
  double sum = 0.0;
  for (int y = y_px; y < y_px + size_px; ++y) {
    for (int x = x_px; x < x_px + size_px; ++x) sum += std::pow(picture.at(1, x + 1, y) - picture.at(1, x, y), 2.0);
  }
  return std::sqrt(sum / (size_px * size_px));
}

bool has_program(const std::string& name) { return run_program({"sh", "-c", "command -v " + name}).exit_code == 0; }
bool has_element(const std::string& name) { return run_program({"gst-inspect-1.0", name}).exit_code == 0; }

TEST(PreviewWindow, shows_noise_left_of_the_divider_and_a_clean_picture_right_of_it) {
  if (!has_program("xvfb-run")) GTEST_SKIP() << "expected xvfb-run (Debian's package xvfb), found none";
  for (const char* element : {"ximagesrc", "ximagesink", "textoverlay"})
    if (!has_element(element)) GTEST_SKIP() << "expected GStreamer's element " << element << ", found none";
  const TemporaryFolder folder;
  const std::string shot = (folder / "shot.png").string();
  // The divider stands in the middle; frames come until the picture is taken, however slow the machine is.
  const std::string script =
      "\"$0\" preview --source test --test-noise 25 --compare --size 640x360 --rate 5 --duration 60 & "
      "preview=$!; "
      "for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15; do sleep 1; "
      "gst-launch-1.0 -q ximagesrc num-buffers=1 use-damage=false ! videoconvert ! video/x-raw,format=RGB ! pngenc ! "
      "filesink location=\"$1\"; "
      "if [ \"$(stat -c %s \"$1\")\" -gt 50000 ]; then break; fi; done; "
      "kill -INT $preview; wait $preview";
  setenv("RDENOISE_MODEL_PATH", SOURCE_ROOT "/models", 1);
  const ProgramResult result =
      run_program({"xvfb-run", "-a", "-s", "-noreset -screen 0 800x480x24", "sh", "-c", script, RDN_PROGRAM, shot});
  ASSERT_EQ(result.exit_code, 0) << result.messages;
  const Image picture = read_picture(shot).image;
  ASSERT_GE(picture.width_px(), width_px);
  ASSERT_GE(picture.height_px(), height_px);
  // Away from figures, divider and the test source's ball at the lower edge of its path.
  constexpr int patch_px = 60;
  const double before = roughness(picture, 40, height_px - 80, patch_px);
  const double after = roughness(picture, width_px - 100, height_px - 80, patch_px);
  // Noise of σ 25 makes neighbours differ by 25·√2 in luma, on the blue ground a little clipped.
  EXPECT_GT(before, 20.0 / 255);
  EXPECT_LT(after, 0.3 * before);
  // The divider: a white column in the middle.
  int white_rows = 0;
  for (int y = 0; y < height_px; ++y) {
    for (int x = width_px / 2 - 3; x <= width_px / 2 + 3; ++x) {
      if (picture.at(0, x, y) > 0.9F && picture.at(1, x, y) > 0.9F && picture.at(2, x, y) > 0.9F) {
        ++white_rows;
        break;
      }
    }
  }
  EXPECT_GT(white_rows, height_px * 9 / 10);
}

}  // namespace
}  // namespace rdenoise::test

// SPDX-License-Identifier: LGPL-2.1-or-later
// Every network of the registry in a pipeline of gst-launch: what comes out is what the library gives for the frames
// that went in.
#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <rdenoise/denoise.hpp>
#include <set>
#include <string>

#include "lib/network/random_weights.hpp"
#include "lib/network/small_network.hpp"
#include "run_program.hpp"
#include "support/data_folder.hpp"
#include "workplace.hpp"

namespace rdenoise::test {
namespace {

namespace fs = std::filesystem;
using Bytes = std::vector<std::byte>;

constexpr int width_px = 64;
constexpr int height_px = 48;
constexpr int n_frames = 3;

/// The format that a network of this domain is shown, as GStreamer lays it out at a width that needs no padding.
struct Format {
  const char* media_type;
  const char* name;
  std::size_t frame_bytes;
};

Format format_of(InputDomain domain) {
  constexpr std::size_t pixels = std::size_t{width_px} * height_px;
  switch (domain) {
    case InputDomain::rgb:
      return {"video/x-raw", "RGB", 3 * pixels};
    case InputDomain::bayer:
      return {"video/x-bayer", "rggb", pixels};
    case InputDomain::gray:
    case InputDomain::yuv420:
      break;
  }
  return {"video/x-raw", "I420", pixels + pixels / 2};
}

FrameView view_of(const Format& format, std::byte* data) {
  const PixelFormat& pixel = *find_pixel_format(format.name);
  const FrameLevels levels = default_levels(pixel, pixel.color_model == ColorModel::yuv);
  constexpr std::ptrdiff_t luma_bytes = std::ptrdiff_t{width_px} * height_px;
  if (pixel.color_model == ColorModel::yuv) {
    const PlaneMemory planes[] = {
        {data, width_px}, {data + luma_bytes, width_px / 2}, {data + luma_bytes + luma_bytes / 4, width_px / 2}};
    return make_frame_view(pixel, width_px, height_px, planes, levels);
  }
  const PlaneMemory plane[] = {{data, pixel.color_model == ColorModel::rgb ? 3 * width_px : width_px}};
  return make_frame_view(pixel, width_px, height_px, plane, levels);
}

class EveryNetwork : public Workplace {
 protected:
  /// A model folder of random weights for the smallest of the architecture's examples.
  [[nodiscard]] std::string write_model(const NetworkParams& params) const {
    const fs::path folder = path("models/" + params.network);
    fs::create_directories(folder);
    Weights weights = random_weights(build_network(params), 3);
    // Residual blocks add up; weakened, they leave the picture between black and white.
    for (auto& [name, tensor] : weights.tensors)
      if (name.find(".res.") != std::string::npos)
        for (float& value : tensor.values) value *= 0.3F;
    write_safetensors(folder / "weights.safetensors", weights);
    return folder.string();
  }

  /// An element with its properties, as gst-launch takes them.
  using Stage = std::vector<std::string>;
  /// What goes through these stages into a file.
  struct Branch {
    std::string file;
    std::vector<Stage> stages;
  };

  /// gst-launch of a source whose frames go through all branches.
  void launch(const std::vector<Stage>& source, const std::vector<Branch>& branches) const {
    std::vector<std::string> arguments{"gst-launch-1.0", "-q"};
    const auto append = [&](const Stage& stage) { arguments.insert(arguments.end(), stage.begin(), stage.end()); };
    for (const Stage& stage : source) {
      append(stage);
      append({"!"});
    }
    append({"tee", "name=t"});
    for (const Branch& branch : branches) {
      append({"t.", "!", "queue", "!"});
      for (const Stage& stage : branch.stages) {
        append(stage);
        append({"!"});
      }
      append({"filesink", "location=" + path(branch.file)});
    }
    const ProgramResult result = run_program(arguments);
    ASSERT_EQ(result.exit_code, 0) << result.messages;
  }

  [[nodiscard]] Bytes file_bytes(const std::string& name) const {
    std::ifstream stream(path(name), std::ios::binary);
    const std::string text(std::istreambuf_iterator<char>(stream), {});
    const auto* const first = reinterpret_cast<const std::byte*>(text.data());
    return {first, first + text.size()};
  }
};

/// One that says something: neither what went in, nor black, nor white from edge to edge.
void expect_a_picture(const Bytes& frames, const Bytes& given, const std::string& label) {
  ASSERT_EQ(frames.size(), given.size()) << label;
  EXPECT_NE(frames, given) << label;
  EXPECT_GT(std::set<std::byte>(frames.begin(), frames.end()).size(), 8U) << label;
}

TEST_F(EveryNetwork, gives_in_a_pipeline_what_the_library_gives) {
  for (const Architecture& architecture : architectures())
    for (const InputDomain domain : input_domains) {
      const auto example = std::ranges::find(architecture.examples, domain, &NetworkParams::input);
      if (example == architecture.examples.end() || !example->classes.empty()) continue;
      const std::string label = std::string(architecture.name) + " " + std::string(to_string(domain));
      const std::string model = write_model(small(*example, 10e3));
      const Format format = format_of(domain);
      const std::string caps = std::string(format.media_type) + ",format=" + format.name +
                               ",width=" + std::to_string(width_px) + ",height=" + std::to_string(height_px);
      launch({{"videotestsrc", "pattern=ball", "num-buffers=" + std::to_string(n_frames)}, {caps}},
             {{"in", {}},
              {"out", {{"rdenoise", "model=" + model, "sigma=15"}}},
              {"measured", {{"rdnoise", "sigma=10"}, {"rdnoiseest"}, {"rdenoise", "model=" + model}}}});

      Bytes in = file_bytes("in");
      ASSERT_EQ(in.size(), n_frames * format.frame_bytes) << label;
      Denoiser denoiser(load_model(model), {});
      Bytes expected(in.size());
      const NoiseProfile noise = uniform_profile(find_pixel_format(format.name)->color_model, NoiseModel::gaussian(15));
      for (std::size_t at = 0; at < in.size(); at += format.frame_bytes)
        denoiser.denoise(view_of(format, in.data() + at), view_of(format, expected.data() + at), noise);
      EXPECT_EQ(file_bytes("out"), expected) << label;
      expect_a_picture(expected, in, label);
      expect_a_picture(file_bytes("measured"), in, label + ", noise measured");
    }
}

TEST_F(EveryNetwork, runs_over_a_film) {
  const auto folder = data_folder("video");
  if (!folder) GTEST_SKIP() << no_data_message("video");
  const std::string film = (*folder / "carphone_pristine.mp4").string();
  for (const Architecture& architecture : architectures()) {
    if (!architecture.examples[0].classes.empty()) continue;
    const auto gray = std::ranges::find(architecture.examples, InputDomain::gray, &NetworkParams::input);
    const NetworkParams& example = gray == architecture.examples.end() ? architecture.examples[0] : *gray;
    const std::string model = write_model(small(example, 10e3));
    const std::string caps = std::string("video/x-raw,format=") + format_of(example.input).name;
    launch({{"filesrc", "location=" + film}, {"decodebin"}, {"identity", "eos-after=4"}, {"videoconvert"}, {caps}},
           {{"in", {}}, {"out", {{"rdnoiseest"}, {"rdenoise", "model=" + model}}}});
    expect_a_picture(file_bytes("out"), file_bytes("in"), std::string(architecture.name));
  }
}

/// Mean squared difference.
double mse(const Bytes& a, const Bytes& b) {
  double sum = 0.0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const double difference = std::to_integer<int>(a[i]) - std::to_integer<int>(b[i]);
    sum += difference * difference;
  }
  return sum / static_cast<double>(a.size());
}

TEST_F(EveryNetwork, of_the_house_takes_most_of_the_noise_away) {
  const std::string model = std::string(SOURCE_ROOT) + "/models/ffdnet-gray";
  // The same seed, so the same noise in both branches.
  const Stage noise{"rdnoise", "sigma=25"};
  launch({{"videotestsrc", "pattern=ball", "num-buffers=3"}, {"video/x-raw,format=GRAY8,width=64,height=48"}},
         {{"clean", {}}, {"noisy", {noise}}, {"out", {noise, {"rdnoiseest"}, {"rdenoise", "model=" + model}}}});
  const Bytes clean = file_bytes("clean");
  ASSERT_EQ(file_bytes("out").size(), clean.size());
  EXPECT_LT(mse(file_bytes("out"), clean), mse(file_bytes("noisy"), clean) / 2);
}

}  // namespace
}  // namespace rdenoise::test

// SPDX-License-Identifier: LGPL-2.1-or-later
// How well the noise of processed pictures is estimated, level by level; CSV on stdout.
//
//   level_function_accuracy [--plots DIR] [--levels] KIND FOLDER [KIND FOLDER]...
//
//   KIND  pairs     folders noisy/ and mean/, or files X_real and X_mean
//         clip      the frames of a static scene: variance over time against the estimate from single frames
//         white     clean pictures with white noise
//         simulated clean pictures, photographed by drawn cameras with and without JPEG
//
// Errors are relative, of σ at each of the 33 levels that has a thousandth of the picture's pixels; figures are
// weighted by pixels. --levels prints each level in place of the figures.
#include <cstdio>
#include <cstring>
#include <functional>
#include <rdenoise/camera_simulation.hpp>
#include <rdenoise/chart.hpp>
#include <rdenoise/noise.hpp>
#include <string>

#include "noise_reference.hpp"
#include "picture_set.hpp"

using namespace rdenoise;
namespace fs = std::filesystem;

namespace {

constexpr int level_count = NoiseLevelFunction::level_count;

struct Method {
  const char* name;
  EstimateMethod method;
};
constexpr Method methods[] = {{"gaussian", EstimateMethod::gaussian},
                              {"poisson_gaussian", EstimateMethod::poisson_gaussian},
                              {"level_function", EstimateMethod::level_function}};
constexpr std::size_t method_count = std::size(methods);

struct WeightedError {
  double error;  ///< (estimated − measured) / measured
  double pixels;
};

double weighted_percentile(std::vector<WeightedError> errors, double share) {
  for (WeightedError& e : errors) e.error = std::abs(e.error);
  std::ranges::sort(errors, {}, &WeightedError::error);
  double all = 0.0;
  for (const WeightedError& e : errors) all += e.pixels;
  double sum = 0.0;
  for (const WeightedError& e : errors) {
    sum += e.pixels;
    if (sum >= share * all) return e.error;
  }
  return 0.0;
}

double weighted_mean(const std::vector<WeightedError>& errors) {
  double sum = 0.0;
  double all = 0.0;
  for (const WeightedError& e : errors) {
    sum += e.error * e.pixels;
    all += e.pixels;
  }
  return all > 0.0 ? sum / all : 0.0;
}

struct Settings {
  fs::path plots;
  bool levels = false;
};

class Comparison {
 public:
  Comparison(std::string set, const Settings& settings) : set_(std::move(set)), settings_(settings) {}

  /// noise[plane] is the truth.
  void add(const std::string& name, const Image& noisy, const std::vector<bench::MeasuredNoise>& noise) {
    std::vector<NoiseProfile> profiles;
    for (const Method& method : methods) {
      profiles.push_back(estimate_noise(noisy.view(), {.method = method.method}));
    }
    for (int plane = 0; plane < noisy.plane_count(); ++plane) {
      double pixels = 0.0;
      for (int i = 0; i < level_count; ++i) pixels += noise[plane].pixels(i);
      for (int i = 0; i < level_count; ++i) {
        // A quarter of a step of 8 bits, rounding, is all that a clipped level has.
        const bool counts = noise[plane].pixels(i) >= 1e-3 * pixels && noise[plane].sigma(i) >= 0.3 / 255.0;
        if (counts) compare(name, plane, noise[plane], i, profiles);
      }
    }
    if (!settings_.plots.empty()) plot(name, noise, profiles);
  }

  void print() const {
    if (settings_.levels) return;
    for (std::size_t m = 0; m < method_count; ++m) {
      std::printf("%s,%s,%.3f,%.3f,%+.3f,%zu\n", set_.c_str(), methods[m].name, weighted_percentile(errors_[m], 0.5),
                  weighted_percentile(errors_[m], 0.9), weighted_mean(errors_[m]), errors_[m].size());
    }
    std::fflush(stdout);
  }

 private:
  void compare(const std::string& name, int plane, const bench::MeasuredNoise& noise, int index,
               const std::vector<NoiseProfile>& profiles) {
    const double sigma = noise.sigma(index);
    if (settings_.levels) {
      std::printf("%s,%s,%d,%.4f,%.0f,%.3f", set_.c_str(), name.c_str(), plane, noise.level(index), noise.pixels(index),
                  255.0 * sigma);
    }
    for (std::size_t m = 0; m < method_count; ++m) {
      const double estimated = profiles[m].channels[plane].sigma(noise.level(index));
      errors_[m].push_back({estimated / sigma - 1.0, noise.pixels(index)});
      if (settings_.levels) std::printf(",%.3f", 255.0 * estimated);
    }
    if (settings_.levels) std::printf("\n");
  }

  void plot(const std::string& name, const std::vector<bench::MeasuredNoise>& noise,
            const std::vector<NoiseProfile>& profiles) const {
    constexpr const char* colors[] = {"#d62728", "#2ca02c", "#1f4fb4"};
    Chart chart{.title = set_ + ": " + name, .x_axis = {.label = "signal"}};
    chart.panel.y_axis = {.label = "σ in 8-bit steps", .least = 0.0};
    for (std::size_t plane = 0; plane < noise.size(); ++plane) {
      ChartSeries measured{.name = "measured " + std::to_string(plane), .line = false, .markers = true};
      ChartSeries function{.name = "level function"};
      ChartSeries line{.name = "line", .dashed = true};
      measured.color = function.color = line.color = colors[plane];
      for (int i = 0; i < level_count; ++i) {
        const double level = NoiseLevelFunction::level(i);
        if (noise[plane].pixels(i) > 200) {
          measured.points.push_back({noise[plane].level(i), 255.0 * noise[plane].sigma(i)});
        }
        line.points.push_back({level, 255.0 * profiles[1].channels[plane].sigma(level)});
        function.points.push_back({level, 255.0 * profiles[2].channels[plane].sigma(level)});
      }
      chart.panel.series.insert(chart.panel.series.end(), {measured, function, line});
    }
    fs::create_directories(settings_.plots);
    write_svg(settings_.plots / (set_ + "-" + name + ".svg"), chart);
  }

  std::string set_;
  Settings settings_;
  std::array<std::vector<WeightedError>, method_count> errors_;
};

std::vector<fs::path> files_of(const fs::path& folder) {
  std::vector<fs::path> paths;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.is_regular_file() && picture_type_for_name(entry.path())) paths.push_back(entry.path());
  }
  std::ranges::sort(paths);
  return paths;
}

void compare_pair(Comparison& comparison, const fs::path& noisy_path, const fs::path& mean_path) {
  // Both sets' references are means of a hundred pictures and more.
  constexpr double reference_variance = 0.01;
  const Image noisy = read_picture(noisy_path).image;
  const Image mean = read_picture(mean_path).image;
  std::vector<bench::MeasuredNoise> noise;
  for (int plane = 0; plane < noisy.plane_count(); ++plane) {
    noise.push_back(bench::noise_of_pair(noisy, mean, plane, reference_variance));
  }
  comparison.add(noisy_path.stem().string(), noisy, noise);
}

void compare_pairs(const fs::path& folder, const Settings& settings) {
  Comparison comparison(folder.filename().string(), settings);
  if (fs::is_directory(folder / "noisy")) {
    for (const fs::path& path : files_of(folder / "noisy")) {
      compare_pair(comparison, path, folder / "mean" / path.filename());
    }
  } else {
    for (const fs::path& path : files_of(folder)) {
      std::string name = path.filename().string();
      const std::size_t real = name.find("_real");
      if (real != std::string::npos) compare_pair(comparison, path, folder / name.replace(real, 5, "_mean"));
    }
  }
  comparison.print();
}

void compare_clip(const fs::path& folder, const Settings& settings) {
  std::vector<Image> frames;
  for (const fs::path& path : files_of(folder)) frames.push_back(read_picture(path).image);
  const bench::TemporalMean truth = bench::noise_over_time(frames);
  Comparison comparison(folder.filename().string(), settings);
  const std::size_t step = std::max<std::size_t>(1, frames.size() / 5);
  for (std::size_t k = 0; k < frames.size(); k += step) comparison.add(std::to_string(k), frames[k], truth.noise);
  comparison.print();
}

void compare_simulated(const fs::path& folder, const Settings& settings) {
  const std::vector<Image> pictures = bench::pictures_in(folder);
  for (const CameraKind kind : {CameraKind::unprocessing, CameraKind::cbdnet}) {
    for (const bool jpeg : {false, true}) {
      Comparison comparison(std::string(to_string(kind)) + (jpeg ? "+jpeg" : ""), settings);
      for (std::size_t k = 0; k < pictures.size(); ++k) {
        CameraParameters camera = CameraSimulator(kind).draw(11, k);
        if (jpeg && !camera.jpeg) camera.jpeg = JpegOptions{.quality = 60 + static_cast<int>(k * 7 % 40)};
        if (!jpeg) camera.jpeg.reset();
        const SimulatedPhoto photo = simulate_photo(pictures[k], camera, {5, static_cast<std::uint32_t>(k)});
        std::vector<bench::MeasuredNoise> noise;
        for (int plane = 0; plane < 3; ++plane) {
          noise.push_back(bench::noise_of_pair(photo.noisy, photo.clean, plane, 0.0));
        }
        comparison.add(std::to_string(k), photo.noisy, noise);
      }
      comparison.print();
    }
  }
}

void compare_white(const fs::path& folder, const Settings& settings) {
  const std::vector<Image> pictures = bench::pictures_in(folder);
  for (const double sigma : {5.0, 15.0, 25.0, 50.0}) {
    Comparison comparison(folder.filename().string() + " white " + std::to_string(static_cast<int>(sigma)), settings);
    for (std::size_t k = 0; k < pictures.size(); ++k) {
      Image noisy = pictures[k];
      add_noise(pictures[k].view(), noisy.view(), uniform_profile(noisy.color_model(), NoiseModel::gaussian(sigma)),
                {42, static_cast<std::uint32_t>(k)});
      std::vector<bench::MeasuredNoise> noise;
      for (int plane = 0; plane < noisy.plane_count(); ++plane) {
        noise.push_back(bench::noise_of_pair(noisy, pictures[k], plane, 0.0));
      }
      comparison.add(std::to_string(k), noisy, noise);
    }
    comparison.print();
  }
}

}  // namespace

int main(int argc, char** argv) {
  Settings settings;
  int i = 1;
  for (; i < argc && std::strncmp(argv[i], "--", 2) == 0; ++i) {
    if (std::strcmp(argv[i], "--levels") == 0) settings.levels = true;
    if (std::strcmp(argv[i], "--plots") == 0 && i + 1 < argc) settings.plots = argv[++i];
  }
  if (i + 1 >= argc) {
    std::fprintf(stderr,
                 "usage: level_function_accuracy [--plots DIR] [--levels] {pairs|clip|simulated|white} FOLDER...\n");
    return 2;
  }
  std::puts(settings.levels ? "set,picture,channel,level,pixels,measured,gaussian,poisson_gaussian,level_function"
                            : "set,method,median,percentile_90,bias,levels");
  for (; i + 1 < argc; i += 2) {
    const std::string kind = argv[i];
    if (kind == "pairs") compare_pairs(argv[i + 1], settings);
    if (kind == "clip") compare_clip(argv[i + 1], settings);
    if (kind == "simulated") compare_simulated(argv[i + 1], settings);
    if (kind == "white") compare_white(argv[i + 1], settings);
  }
  return 0;
}

// SPDX-License-Identifier: LGPL-2.1-or-later
#include "confusion_table.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <rdenoise/error.hpp>
#include <rdenoise/picture_class.hpp>
#include <sstream>
#include <utility>

#include "data/picture_folder.hpp"
#include "training_noise.hpp"

namespace rdenoise::training {
namespace {

constexpr double least_probability = 1e-300;  // its logarithm is finite

}  // namespace

int ConfusionTable::pictures() const {
  int count = 0;
  for (const std::vector<int>& row : likeliest) count += std::accumulate(row.begin(), row.end(), 0);
  return count;
}

int ConfusionTable::right() const {
  int count = 0;
  for (std::size_t i = 0; i < likeliest.size(); ++i) count += likeliest[i][i];
  return count;
}

ConfusionTable measure_confusion(const ClassifierModel& classifier, const ConfusionPictures& pictures,
                                 double sigma_8bit) {
  PictureClassifier seer(classifier);
  const std::size_t n = seer.classes().size();
  ConfusionTable table{.sigma_8bit = sigma_8bit,
                       .classes = seer.classes(),
                       .likeliest = std::vector(n, std::vector<int>(n, 0)),
                       .unsure = std::vector<int>(n, 0)};
  const ColorModel given = pictures.gray ? ColorModel::gray : ColorModel::rgb;
  const PatchNoise noise{.model = NoiseModel::gaussian(sigma_8bit), .sigma_scale = {}, .clip = true};
  double loss = 0.0;
  std::uint32_t number = 0;
  for (std::size_t label = 0; label < n; ++label)
    for (const std::filesystem::path& path : pictures_below(pictures.data / table.classes[label] / pictures.below)) {
      Image picture = read_training_picture(path, given, 0);
      add_patch_noise(picture, noise, {pictures.seed, number++});
      const auto probabilities = seer.classify(std::as_const(picture).view());
      if (!probabilities)
        throw Error(ErrorCode::invalid_argument,
                    "classifying " + path.string() + ": expected a picture of 16 px or more to each side, found " +
                        std::to_string(picture.width_px()) + "×" + std::to_string(picture.height_px()));
      const std::size_t seen = static_cast<std::size_t>(choose_class(*probabilities, 0.0));
      ++table.likeliest[label][seen];
      if (choose_class(*probabilities, classifier.least_confidence) == class_agnostic)
        ++table.unsure[label];
      else if (seen == label)
        ++table.sure_and_right;
      loss -= std::log(std::max((*probabilities)[label], least_probability));
    }
  table.mean_loss = loss / table.pictures();
  return table;
}

std::string to_markdown(const ConfusionTable& table) {
  std::ostringstream text;
  text.precision(1);
  text << std::fixed << "σ " << std::lround(table.sigma_8bit) << ": " << table.right() << " of " << table.pictures()
       << " right (" << 100.0 * table.right() / table.pictures() << " %)";
  const int unsure = std::accumulate(table.unsure.begin(), table.unsure.end(), 0);
  text << ", " << table.sure_and_right << " of the " << table.pictures() - unsure << " sure ones";
  text.precision(3);
  text << ", loss " << table.mean_loss << "\n\n| of \\ taken for |";
  for (const std::string& name : table.classes) text << ' ' << name << " |";
  text << " unsure |\n|---|";
  for (std::size_t i = 0; i <= table.classes.size(); ++i) text << "--:|";
  text << '\n';
  for (std::size_t label = 0; label < table.classes.size(); ++label) {
    text << "| " << table.classes[label] << " |";
    for (const int count : table.likeliest[label]) text << ' ' << count << " |";
    text << ' ' << table.unsure[label] << " |\n";
  }
  return text.str();
}

}  // namespace rdenoise::training

// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>
#include <cmath>
#include <rdenoise/picture_class_tracker.hpp>

namespace rdenoise {
namespace {

/// So that one look that excludes a class does not do so for ever.
constexpr double least_probability = 1e-4;

/// log Σ exp(x), without overflow.
double log_sum_exp(const std::vector<double>& x) {
  const double most = *std::ranges::max_element(x);
  double sum = 0.0;
  for (const double value : x) sum += std::exp(value - most);
  return most + std::log(sum);
}

}  // namespace

bool PictureClassTracker::next_frame(bool new_shot) {
  if (new_shot) reset();
  if (frames_to_look_-- > 0) return false;
  frames_to_look_ = options_.interval_frames - 1;
  return true;
}

void PictureClassTracker::look(const ClassProbabilities& probabilities) {
  const bool is_first = log_probabilities_.size() != probabilities.size();
  if (is_first) log_probabilities_.assign(probabilities.size(), 0.0);
  const double past = is_first ? 0.0 : options_.smoothing;
  for (std::size_t i = 0; i < probabilities.size(); ++i)
    log_probabilities_[i] =
        std::lerp(std::log(std::max(probabilities[i], least_probability)), log_probabilities_[i], past);
  // The mean of logarithms is that of a geometric mean, whose sum falls short of 1.
  const double norm = log_sum_exp(log_probabilities_);
  for (double& value : log_probabilities_) value -= norm;

  const auto likeliest = std::ranges::max_element(log_probabilities_);
  const int leader = *likeliest < log_probability(class_agnostic)
                         ? class_agnostic
                         : static_cast<int>(likeliest - log_probabilities_.begin());
  if (is_first) {
    class_index_ = leader;
    looks_of_challenger_ = 0;
    return;
  }
  const bool leads =
      leader != class_index_ && log_probability(leader) - log_probability(class_index_) >= std::log(options_.lead);
  if (!leads) {
    looks_of_challenger_ = 0;
    return;
  }
  looks_of_challenger_ = leader == challenger_ ? looks_of_challenger_ + 1 : 1;
  challenger_ = leader;
  if (looks_of_challenger_ < options_.looks_to_switch) return;
  class_index_ = leader;
  looks_of_challenger_ = 0;
}

double PictureClassTracker::confidence() const noexcept {
  return log_probabilities_.empty() ? 0.0 : std::exp(*std::ranges::max_element(log_probabilities_));
}

void PictureClassTracker::reset() { *this = PictureClassTracker(options_); }

double PictureClassTracker::log_probability(int class_index) const {
  if (class_index == class_agnostic) return std::log(options_.least_confidence);
  return log_probabilities_[static_cast<std::size_t>(class_index)];
}

}  // namespace rdenoise

// SPDX-License-Identifier: LGPL-2.1-or-later
#include "trainer.hpp"

#include <cmath>
#include <limits>
#include <rdenoise/error.hpp>

#include "batch_statistics.hpp"
#include "deeper_start.hpp"
#include "recipe_text.hpp"
#include "weights_source.hpp"

namespace rdenoise::training {
namespace {

BatchShare share_of(const ProcessGroup* processes) {
  if (processes == nullptr) return {};
  return {processes->place().rank, processes->place().world_size};
}

std::vector<std::pair<std::string, at::Generator>> generators(torch::Device device) {
  std::vector<std::pair<std::string, at::Generator>> all{{"cpu", at::globalContext().defaultGenerator(torch::kCPU)}};
  if (!device.is_cpu()) all.emplace_back("cuda", at::globalContext().defaultGenerator(device));
  return all;
}

/// All processes must be at the same step of the same recipe; the text goes by its hash.
torch::Tensor fingerprint(const Recipe& recipe, std::int64_t step) {
  std::uint64_t hash = 0xcbf29ce484222325ULL;  // FNV-1a
  for (const unsigned char byte : recipe.text) hash = (hash ^ byte) * 0x100000001b3ULL;
  return torch::tensor(
      {static_cast<double>(step), static_cast<double>(hash >> 32U), static_cast<double>(hash & 0xFFFFFFFFU)},
      torch::kDouble);
}

NamedTensors copy_of(const NamedTensors& tensors) {
  NamedTensors copy;
  for (const auto& [name, tensor] : tensors) copy[name] = tensor.detach().to(torch::kCPU).clone();
  return copy;
}

void expect_same_recipe(const Checkpoint& checkpoint, const Recipe& recipe, const std::filesystem::path& path) {
  const std::vector<std::string> differences = differing_settings(checkpoint.recipe, recipe.text);
  if (differences.empty()) return;
  std::string list;
  for (const std::string& difference : differences) list += (list.empty() ? "" : ", ") + difference;
  throw Error(ErrorCode::invalid_argument,
              "resuming " + path.string() +
                  ": expected the recipe it was trained by, found other settings, there and " + "here: " + list +
                  "; --start-from begins a new run with its weights");
}

}  // namespace

Trainer::Trainer(Recipe recipe, TrainOptions options)
    : recipe_(std::move(recipe)),
      options_(std::move(options)),
      learner_(recipe_, options_.device),
      objective_(make_objective(recipe_, learner_.network().spec(),
                                {options_.data, options_.device, share_of(options_.processes)})),
      compute_(compute_type(recipe_.optimiser)),
      loss_sum_(torch::zeros({}, torch::TensorOptions(options_.device).dtype(torch::kDouble))) {
  if (options_.device.is_cuda()) {
    at::globalContext().setAllowTF32CuBLAS(true);
    at::globalContext().setAllowTF32CuDNN(true);
    at::globalContext().setBenchmarkCuDNN(true);
  }
  if (is_first()) {
    std::filesystem::create_directories(options_.out);
    for (const std::string& remark : objective_->remarks()) options_.warn(remark);
  }
  if (options_.start_from && learner_.take_over(deepened(read_start_weights(*options_.start_from), learner_.network().state())) == 0)
    throw Error(ErrorCode::invalid_argument,
                "starting from " + *options_.start_from + ": expected tensors of the recipe's network, found none");
  if (options_.resume) load(*options_.resume);
  if (options_.processes != nullptr) {
    options_.processes->expect_equal(fingerprint(recipe_, step_), "recipe and step");
    learner_.copy_from_first(*options_.processes);
    // What a device's own generator draws must not be the same everywhere.
    torch::manual_seed(recipe_.seed + static_cast<std::uint64_t>(share_of(options_.processes).index));
  }
}

bool Trainer::is_first() const { return share_of(options_.processes).index == 0; }

double Trainer::seconds_trained() const {
  return seconds_before_ + std::chrono::duration<double>(Clock::now() - started_).count();
}

bool Trainer::train_step(bool stop) {
  torch::Tensor loss = objective_->loss(learner_.network(), step_);
  loss.backward();
  loss = loss.detach();
  stop = learner_.exchange_gradients(loss, stop, options_.processes);
  learner_.update(step_);
  loss_sum_ += loss;
  ++loss_steps_;
  ++step_;
  return stop;
}

void Trainer::validate() {
  const std::int64_t rejected = learner_.take_rejected_gradients();
  if (rejected == loss_steps_)
    throw Error(ErrorCode::corrupt, "training " + recipe_.name + ", step " + std::to_string(step_) +
                                        ": expected finite gradients, found none in " + std::to_string(rejected) +
                                        " steps; the last checkpoint is left as it was");
  if (rejected > 0 && is_first())
    options_.warn("step " + std::to_string(step_) + ": left out " + std::to_string(rejected) +
                  " gradients that were not finite");
  CurvePoint point;
  point.step = step_;
  point.seconds_trained = seconds_trained();
  point.learning_rate = learning_rate(recipe_.optimiser, step_);
  point.loss = loss_sum_.item<double>() / static_cast<double>(loss_steps_);
  loss_sum_.zero_();
  loss_steps_ = 0;
  if (!is_first()) return;
  measure_batch_statistics(learner_.average(), *objective_, step_, compute_);
  const Validation validation = objective_->validate(learner_.average());
  point.levels = validation.levels;
  point.figure = objective_->figure();
  temperature_ = validation.temperature;
  const double figure = mean_figure(point);
  // Few pictures make ties likely: of equals the later, which has learnt for longer.
  const bool best = best_.empty() ? std::isfinite(figure) : figure >= best_figure_;
  if (best) {
    best_ = copy_of(learner_.average().state());
    best_step_ = step_;
    best_figure_ = figure;
    best_temperature_ = validation.temperature;
  }
  curve_.add(point);
  curve_.write(options_.out, recipe_.name);
  report(point, best);
  pace_since_ = Clock::now();
  pace_since_step_ = step_;
}

void Trainer::report(const std::optional<CurvePoint>& point, bool best) {
  const double pace_s = std::chrono::duration<double>(Clock::now() - pace_since_).count();
  const double steps_per_s = static_cast<double>(step_ - pace_since_step_) / pace_s;
  const double left = static_cast<double>(recipe_.optimiser.steps - step_);
  options_.report({.step = step_,
                   .steps = recipe_.optimiser.steps,
                   .patches_per_s = steps_per_s * recipe_.data.batch,
                   .left_s = steps_per_s > 0.0 ? left / steps_per_s : std::numeric_limits<double>::infinity(),
                   .validation = point,
                   .best = best});
}

void Trainer::run() {
  started_ = pace_since_ = Clock::now();
  pace_since_step_ = step_;
  Clock::time_point last_save = started_;
  bool stop = false;
  while (step_ < recipe_.optimiser.steps && !stop) {
    const bool wish = options_.stop_requested();
    // One on its own need not take the step that tells the others.
    if (wish && options_.processes == nullptr) break;
    stop = train_step(wish);
    if (step_ % recipe_.validate_every == 0 || step_ == recipe_.optimiser.steps)
      validate();
    else if (is_first())
      report({}, false);
    if (std::chrono::duration<double>(Clock::now() - last_save).count() >= options_.checkpoint_every_s) {
      save();
      last_save = Clock::now();
    }
  }
  save();
}

double Trainer::measure_step_s(double about_s) {
  constexpr int settling_steps = 30;
  constexpr int steps_at_once = 10;
  // The device works behind; only a figure that is read waits for it.
  const auto train = [&](int steps) {
    for (int i = 0; i < steps; ++i) (void)train_step(false);
    (void)loss_sum_.item<double>();
  };
  train(settling_steps);
  const Clock::time_point start = Clock::now();
  int steps = 0;
  double spent_s = 0.0;
  do {
    train(steps_at_once);
    steps += steps_at_once;
    spent_s = std::chrono::duration<double>(Clock::now() - start).count();
  } while (spent_s < about_s && !options_.stop_requested());
  return spent_s / steps;
}

void Trainer::save() {
  if (!is_first()) return;
  if (!learner_.is_finite())
    throw Error(ErrorCode::corrupt,
                "training " + recipe_.name + ", step " + std::to_string(step_) +
                    ": expected finite weights, found others; the last checkpoint is left as it was");
  measure_batch_statistics(learner_.average(), *objective_, step_, compute_);
  Checkpoint checkpoint;
  checkpoint.step = step_;
  checkpoint.seconds_trained = seconds_trained();
  checkpoint.recipe = recipe_.text;
  learner_.save_to(checkpoint);
  checkpoint.curve = curve_;
  checkpoint.loss_sum = loss_sum_.item<double>();
  checkpoint.loss_steps = loss_steps_;
  checkpoint.best = best_;
  checkpoint.best_step = best_step_;
  checkpoint.best_figure = best_figure_;
  checkpoint.best_temperature = best_temperature_;
  checkpoint.temperature = temperature_;
  for (const auto& [name, generator] : generators(options_.device)) checkpoint.generators[name] = generator.get_state();
  write_checkpoint(options_.out / (recipe_.name + ".ckpt"), checkpoint);
}

void Trainer::load(const std::filesystem::path& path) {
  const Checkpoint checkpoint = read_checkpoint(path);
  expect_same_recipe(checkpoint, recipe_, path);
  learner_.load_from(checkpoint);
  step_ = checkpoint.step;
  seconds_before_ = checkpoint.seconds_trained;
  curve_ = checkpoint.curve;
  loss_sum_.fill_(checkpoint.loss_sum);
  loss_steps_ = checkpoint.loss_steps;
  best_ = checkpoint.best;
  best_step_ = checkpoint.best_step;
  best_figure_ = checkpoint.best_figure;
  best_temperature_ = checkpoint.best_temperature;
  temperature_ = checkpoint.temperature;
  for (auto& [name, generator] : generators(options_.device))
    if (const auto state = checkpoint.generators.find(name); state != checkpoint.generators.end())
      generator.set_state(state->second);
  // A run that was killed may have written points after its last checkpoint.
  if (is_first() && !curve_.points().empty()) curve_.write(options_.out, recipe_.name);
}

}  // namespace rdenoise::training

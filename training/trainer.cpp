// SPDX-License-Identifier: LGPL-2.1-or-later
#include "trainer.hpp"

#include <cmath>
#include <cstdio>
#include <fstream>
#include <limits>
#include <numbers>
#include <rdenoise/error.hpp>
#include <sstream>

#include "batch_statistics.hpp"

namespace rdenoise::training {
namespace {

constexpr double checkpoint_interval_s = 120.0;
constexpr double gradient_norm_rate = 0.02;
constexpr double validation_sigmas_8bit[] = {15.0, 25.0, 50.0};

double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

std::string duration_text(double seconds) {
  char text[32];
  const auto whole = static_cast<long>(seconds);
  std::snprintf(text, sizeof text, "%ld:%02ld:%02ld", whole / 3600, whole / 60 % 60, whole % 60);
  return text;
}

void copy_state(const std::map<std::string, torch::Tensor>& from, const std::map<std::string, torch::Tensor>& to,
                const std::string& what) {
  torch::NoGradGuard guard;
  for (const auto& [name, tensor] : to) {
    const auto found = from.find(name);
    if (found == from.end() || found->second.sizes() != tensor.sizes())
      throw Error(ErrorCode::corrupt,
                  "resuming: expected " + what + " " + name + " of the recipe's network, found none such");
    tensor.copy_(found->second);
  }
}

std::map<std::string, torch::Tensor> muon_parameters(const Recipe& recipe, const TorchNetwork& network) {
  if (recipe.optimiser.algorithm != "muon") return {};
  return network.hidden_weights();
}

std::vector<torch::Tensor> adam_parameters(const TorchNetwork& network, Muon& muon) {
  std::vector<torch::Tensor> parameters;
  for (const auto& [name, tensor] : network.state())
    if (tensor.requires_grad() && !muon.state().contains(name)) parameters.push_back(tensor);
  return parameters;
}

}  // namespace

double learning_rate(const OptimiserRecipe& recipe, std::int64_t step) {
  if (step < recipe.warmup_steps) return recipe.learning_rate * static_cast<double>(step + 1) / recipe.warmup_steps;
  const double decay_start = recipe.decay_from * recipe.steps;
  const double progress = (static_cast<double>(step) - decay_start) / std::max(1.0, recipe.steps - decay_start);
  const double share = 0.5 + 0.5 * std::cos(std::numbers::pi * std::clamp(progress, 0.0, 1.0));
  return recipe.final_learning_rate + (recipe.learning_rate - recipe.final_learning_rate) * share;
}

Trainer::Trainer(Recipe recipe, TrainOptions options)
    : recipe_(std::move(recipe)),
      options_(std::move(options)),
      loss_(recipe_.loss, recipe_.optimiser.steps),
      network_(build_network(recipe_.network), recipe_.seed, recipe_.optimiser.initialisation),
      average_(build_network(recipe_.network), recipe_.seed, recipe_.optimiser.initialisation),
      patches_(recipe_, network_.spec(), options_.data, options_.device),
      muon_((network_.to(options_.device), muon_parameters(recipe_, network_))),
      optimiser_(adam_parameters(network_, muon_), torch::optim::AdamOptions()),
      compute_(recipe_.optimiser.compute == "bf16" ? torch::kBFloat16 : torch::kFloat) {
  average_.to(options_.device);
  if (options_.device.is_cuda()) {
    at::globalContext().setAllowTF32CuBLAS(true);
    at::globalContext().setAllowTF32CuDNN(true);
    at::globalContext().setBenchmarkCuDNN(true);
  }
  if (options_.report)
    for (const std::string& remark : patches_.remarks()) options_.report(remark);
  std::filesystem::create_directories(options_.out);
  if (options_.start_from) take_over(*options_.start_from);
  if (options_.resume) load(*options_.resume);
}

double Trainer::train_step() {
  const double rate = learning_rate(recipe_.optimiser, step_);
  for (auto& group : optimiser_.param_groups()) group.options().set_lr(rate);
  const Batch batch = patches_.training_batch(step_);
  for (torch::Tensor& parameter : network_.parameters()) parameter.mutable_grad() = torch::Tensor();
  const NetworkOutput output = network_.run(batch.noisy, batch.noise_map, compute_, /*training=*/true);
  const torch::Tensor loss = loss_(output, {batch.clean, batch.sigma, batch.true_sigma}, step_);
  loss.backward();
  clip_gradient();
  optimiser_.step();
  muon_.step(recipe_.optimiser.muon_learning_rate * rate / recipe_.optimiser.learning_rate);
  update_average();
  ++step_;
  return loss.item<double>();
}

void Trainer::clip_gradient() {
  // Without batch norm a single bad batch can throw a deep stack off; what is bad shows only against the usual length.
  const double limit =
      gradient_norm_ > 0.0 ? recipe_.optimiser.clip_factor * gradient_norm_ : std::numeric_limits<float>::max();
  const double norm = torch::nn::utils::clip_grad_norm_(network_.parameters(), limit);
  const double clipped = std::min(norm, limit);
  gradient_norm_ = gradient_norm_ > 0.0 ? gradient_norm_ + gradient_norm_rate * (clipped - gradient_norm_) : clipped;
}

void Trainer::update_average() {
  torch::NoGradGuard guard;
  // While there are few steps, the average must not remember the random start.
  const double decay = std::min(recipe_.optimiser.average_decay,
                                (1.0 + static_cast<double>(step_)) / (10.0 + static_cast<double>(step_)));
  for (const auto& [name, average] : average_.state()) average.lerp_(network_.state().at(name), 1.0 - decay);
}

double Trainer::validation_psnr_db(double sigma_8bit) {
  torch::NoGradGuard guard;
  const Batch batch = patches_.validation_batch(sigma_8bit);
  const torch::Tensor estimate =
      average_.forward(batch.noisy, batch.noise_map, compute_, /*training=*/false).clamp(0.0, 1.0);
  const torch::Tensor squared = (estimate - batch.clean).pow(2).mean({1, 2, 3});
  return (-10.0 * squared.log10()).mean().item<double>();
}

void Trainer::validate(double loss, double patches_per_s) {
  measure_batch_statistics(average_, patches_, step_, compute_);
  std::ostringstream line;
  std::ostringstream csv;
  const double trained_s = seconds_before_ + seconds_since(started_);
  csv << step_ << ',' << trained_s << ',' << learning_rate(recipe_.optimiser, step_) << ',' << loss;
  line.precision(2);
  line << std::fixed << "step " << step_ << '/' << recipe_.optimiser.steps << "  PSNR";
  for (const double sigma : validation_sigmas_8bit) {
    const double psnr = validation_psnr_db(sigma);
    line << " σ" << static_cast<int>(sigma) << ' ' << psnr;
    csv << ',' << psnr;
  }
  const double left_s =
      static_cast<double>(recipe_.optimiser.steps - step_) * recipe_.data.batch / std::max(patches_per_s, 1e-9);
  line << " dB  " << patches_per_s << " patches/s  trained " << duration_text(trained_s) << "  left "
       << duration_text(left_s);
  const auto path = options_.out / (recipe_.name + "-curve.csv");
  const bool fresh = !std::filesystem::exists(path);
  std::ofstream file(path, std::ios::app);
  if (fresh) file << "step,seconds,learning_rate,loss,psnr_15,psnr_25,psnr_50\n";
  file << csv.str() << '\n';
  if (options_.report) options_.report(line.str());
}

void Trainer::run() {
  started_ = std::chrono::steady_clock::now();
  auto last_save = started_;
  auto last_report = started_;
  std::int64_t last_report_step = step_;
  double loss_sum = 0.0;
  while (step_ < recipe_.optimiser.steps && !options_.stop_requested() &&
         !(options_.time_limit_s && seconds_since(started_) >= *options_.time_limit_s)) {
    loss_sum += train_step();
    if (step_ % recipe_.validate_every == 0 || step_ == recipe_.optimiser.steps) {
      const double steps = static_cast<double>(step_ - last_report_step);
      validate(loss_sum / steps, steps * recipe_.data.batch / seconds_since(last_report));
      last_report = std::chrono::steady_clock::now();
      last_report_step = step_;
      loss_sum = 0.0;
    }
    if (seconds_since(last_save) >= checkpoint_interval_s) {
      save();
      last_save = std::chrono::steady_clock::now();
    }
  }
  save();
}

void Trainer::save() {
  measure_batch_statistics(average_, patches_, step_, compute_);
  std::ostringstream optimiser;
  torch::serialize::OutputArchive archive;
  optimiser_.save(archive);
  archive.save_to(optimiser);
  write_checkpoint(options_.out / (recipe_.name + ".ckpt"),
                   {step_, seconds_before_ + seconds_since(started_), gradient_norm_, recipe_.text, network_.state(),
                    average_.state(), muon_.state(), optimiser.str()});
}

void Trainer::take_over(const std::filesystem::path& model) {
  const Weights weights = read_safetensors(model);
  int taken = 0;
  torch::NoGradGuard guard;
  for (const auto& [name, tensor] : network_.state()) {
    const auto found = weights.tensors.find(name);
    if (found == weights.tensors.end() || tensor.sizes() != torch::IntArrayRef(found->second.shape)) continue;
    tensor.copy_(torch::from_blob(const_cast<float*>(found->second.values.data()), found->second.shape, torch::kFloat));
    ++taken;
  }
  if (taken == 0)
    throw Error(ErrorCode::invalid_argument,
                "starting from " + model.string() + ": expected tensors of the recipe's network, found none");
  copy_state(network_.state(), average_.state(), "weights");
}

void Trainer::load(const std::filesystem::path& path) {
  const Checkpoint checkpoint = read_checkpoint(path);
  copy_state(checkpoint.weights, network_.state(), "weights");
  copy_state(checkpoint.average, average_.state(), "averaged weights");
  std::istringstream stream(checkpoint.optimiser);
  torch::serialize::InputArchive archive;
  archive.load_from(stream, options_.device);
  optimiser_.load(archive);
  copy_state(checkpoint.momentum, muon_.state(), "momentum");
  gradient_norm_ = checkpoint.gradient_norm;
  step_ = checkpoint.step;
  seconds_before_ = checkpoint.seconds_trained;
}

}  // namespace rdenoise::training

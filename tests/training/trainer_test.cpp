// SPDX-License-Identifier: LGPL-2.1-or-later
#include "trainer.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <rdenoise/error.hpp>
#include <rdenoise/picture_file.hpp>

#include "losses/loss.hpp"
#include "model_export.hpp"
#include "patch_source.hpp"
#include "support/temporary_folder.hpp"

namespace rdenoise::training {
namespace {

namespace fs = std::filesystem;

class SmallRun : public testing::Test {
 protected:
  void SetUp() override {
    torch::set_num_threads(1);
    fs::create_directories(folder_ / "pictures");
    for (int n = 0; n < 4; ++n) {
      Picture picture;
      picture.image = Image(ColorModel::rgb, 288, 264);
      for (int c = 0; c < 3; ++c)
        for (int y = 0; y < 264; ++y)
          for (int x = 0; x < 288; ++x)
            picture.image.at(c, x, y) = 0.5F + 0.3F * std::sin(0.05F * static_cast<float>(x * (n + 1) + y * (c + 1))) +
                                        ((x / 16 + y / 24) % 2 ? 0.1F : 0.F);
      write_picture(folder_ / "pictures" / ("p" + std::to_string(n) + ".png"), picture, {});
    }
  }

  static Recipe recipe(const std::string& input, int steps) {
    return parse_recipe(
        "name = \"small\"\nvalidate_every = 1000\n[network]\nnetwork = \"ffdnet\"\ninput = \"" + input +
            "\"\ndepth = 3\nwidth = 32\nresidual = true\n[data]\nfolders = [\"pictures\"]\npatch_px = 32\nbatch = 4\n"
            "[noise]\nmin_8bit = 25.0\nmax_8bit = 25.0\nsignal_dependent = 0.5\n[optimiser]\ncompute = \"f32\"\n"
            "initialisation = \"linear\"\nalgorithm = \"muon\"\nlearning_rate = 2e-3\nwarmup_steps = 5\nsteps = " +
            std::to_string(steps) + "\n",
        "test recipe");
  }
  TrainOptions options(const std::string& out) const { return {.data = folder_.path(), .out = folder_ / out}; }

  test::TemporaryFolder folder_;
};

double loss_of(const torch::Tensor& estimate, const Batch& batch, const Recipe& recipe) {
  return Loss(recipe.loss, recipe.optimiser.steps)({estimate, {}}, {batch.clean, batch.sigma}, 0).item<double>();
}

double mean_loss(Trainer& trainer, const Recipe& recipe, const PatchSource& patches) {
  torch::NoGradGuard guard;
  double sum = 0.0;
  for (int step = 100000; step < 100008; ++step) {
    const Batch batch = patches.training_batch(step);
    sum += loss_of(trainer.network().forward(batch.noisy, batch.noise_map, torch::kFloat, false), batch, recipe);
  }
  return sum / 8;
}

// A network narrower than the 12 sub-images of rgb could not tell their noise apart.
TEST_F(SmallRun, training_halves_the_loss_of_doing_nothing_in_every_domain) {
  for (const std::string input : {"gray", "rgb", "bayer", "yuv420"}) {
    const Recipe r = recipe(input, 120);
    const PatchSource patches(r, build_network(r.network), folder_.path(), torch::kCPU);
    Trainer trainer(r, options(input));
    trainer.run();
    const Batch batch = patches.training_batch(100000);
    const double doing_nothing = loss_of(batch.noisy, batch, r);
    EXPECT_LT(mean_loss(trainer, r, patches), doing_nothing / 2) << input;
  }
}

void expect_equal(const NamedTensors& a, const NamedTensors& b, const std::string& what) {
  EXPECT_EQ(a.size(), b.size()) << what;
  for (const auto& [name, tensor] : a) {
    ASSERT_TRUE(b.contains(name)) << what << ' ' << name;
    EXPECT_TRUE(torch::equal(tensor, b.at(name))) << what << ' ' << name;
  }
}

// Validation at every fourth step, stopped between two: the loss of the steps before the stop must not be lost.
TEST_F(SmallRun, a_resumed_run_ends_as_one_that_never_stopped) {
  Recipe r = recipe("gray", 12);
  r.validate_every = 4;
  Trainer(r, options("whole")).run();

  int left = 6;
  TrainOptions first = options("parts");
  first.stop_requested = [&left] { return left-- == 0; };
  Trainer stopped(r, first);
  stopped.run();
  EXPECT_EQ(stopped.step(), 6);
  TrainOptions second = options("parts");
  second.resume = folder_ / "parts" / "small.ckpt";
  Trainer resumed(r, second);
  EXPECT_EQ(resumed.step(), 6);
  resumed.run();

  const Checkpoint a = read_checkpoint(folder_ / "whole" / "small.ckpt");
  const Checkpoint b = read_checkpoint(folder_ / "parts" / "small.ckpt");
  EXPECT_EQ(a.step, b.step);
  expect_equal(a.weights, b.weights, "weights");
  expect_equal(a.average, b.average, "average");
  expect_equal(a.adam_first, b.adam_first, "first moments");
  expect_equal(a.adam_second, b.adam_second, "second moments");
  expect_equal(a.momentum, b.momentum, "momentum");
  expect_equal(a.best, b.best, "best");
  expect_equal(a.generators, b.generators, "generators");
  EXPECT_FALSE(a.best.empty());
  EXPECT_FALSE(a.momentum.empty());
  EXPECT_EQ(a.gradient_length, b.gradient_length);
  EXPECT_EQ(a.best_step, b.best_step);
  EXPECT_EQ(a.best_figure, b.best_figure);
  ASSERT_EQ(a.curve.points().size(), 3U);
  ASSERT_EQ(b.curve.points().size(), 3U);
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(a.curve.points()[i].step, b.curve.points()[i].step);
    EXPECT_EQ(a.curve.points()[i].loss, b.curve.points()[i].loss);
    EXPECT_EQ(mean_figure(a.curve.points()[i]), mean_figure(b.curve.points()[i]));
  }
}

TEST_F(SmallRun, a_resumed_run_drops_curve_points_after_its_checkpoint) {
  Recipe r = recipe("gray", 8);
  r.validate_every = 2;
  int left = 3;
  TrainOptions first = options("run");
  first.stop_requested = [&left] { return left-- == 0; };
  Trainer(r, first).run();
  // What a run leaves that is killed after a validation and before its next checkpoint.
  std::ofstream(folder_ / "run" / "small-curve.csv", std::ios::app) << "4,1,1,1,1,1,1\n";
  TrainOptions second = options("run");
  second.resume = folder_ / "run" / "small.ckpt";
  Trainer(r, second).run();
  std::ifstream file(folder_ / "run" / "small-curve.csv");
  std::vector<std::string> steps;
  for (std::string line; std::getline(file, line);) steps.push_back(line.substr(0, line.find(',')));
  EXPECT_EQ(steps, (std::vector<std::string>{"step", "2", "4", "6", "8"}));
  EXPECT_TRUE(fs::exists(folder_ / "run" / "small-curve.svg"));
}

TEST_F(SmallRun, resuming_another_recipe_names_the_settings_that_differ) {
  Trainer(recipe("gray", 1), options("run")).run();
  TrainOptions second = options("run");
  second.resume = folder_ / "run" / "small.ckpt";
  try {
    Trainer other(recipe("rgb", 2), second);
    FAIL() << "another recipe was taken";
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("network.input ('gray' and 'rgb')"), std::string::npos) << error.what();
    EXPECT_NE(std::string(error.what()).find("optimiser.steps (1 and 2)"), std::string::npos) << error.what();
  }
}

TEST_F(SmallRun, a_stop_before_the_first_step_leaves_a_checkpoint) {
  TrainOptions limited = options("limited");
  limited.stop_requested = [] { return true; };
  Trainer trainer(recipe("gray", 12), limited);
  trainer.run();
  EXPECT_EQ(trainer.step(), 0);
  EXPECT_EQ(read_checkpoint(folder_ / "limited" / "small.ckpt").step, 0);
}

// A learning rate of 1e30 overflows at once: from the second step on there is nothing finite left to learn from.
TEST_F(SmallRun, a_run_without_finite_gradients_stops_and_keeps_the_last_good_checkpoint) {
  const Recipe good = recipe("gray", 1);
  Trainer(good, options("run")).run();
  Recipe r = recipe("gray", 12);
  r.validate_every = 4;
  r.optimiser.learning_rate = 1e30;
  r.optimiser.algorithm = "adam";
  EXPECT_THROW(Trainer(r, options("run")).run(), Error);
  EXPECT_EQ(read_checkpoint(folder_ / "run" / "small.ckpt").recipe, good.text);
}

TEST_F(SmallRun, the_best_weights_are_exported_unless_the_last_are_asked_for) {
  Trainer trainer(recipe("gray", 3), options("run"));
  trainer.run();
  Checkpoint checkpoint = read_checkpoint(folder_ / "run" / "small.ckpt");
  checkpoint.best.at("model.0.weight").fill_(2.0);
  checkpoint.average.at("model.0.weight").fill_(3.0);
  const auto exported = [&](const char* name, WhichWeights which) {
    export_model(checkpoint, folder_ / name, which);
    return load_model((folder_ / name).string()).weights.tensors.find("model.0.weight")->second.values[0];
  };
  EXPECT_EQ(exported("best", WhichWeights::best), 2.F);
  EXPECT_EQ(exported("last", WhichWeights::last), 3.F);
  checkpoint.best.clear();
  EXPECT_EQ(exported("none", WhichWeights::best), 3.F) << "before the first validation the last are the best";
}

TEST_F(SmallRun, an_exported_model_loads_and_carries_its_card) {
  Trainer trainer(recipe("bayer", 3), options("run"));
  trainer.run();
  const Checkpoint checkpoint = read_checkpoint(folder_ / "run" / "small.ckpt");
  export_model(checkpoint, folder_ / "model");
  const Model model = load_model((folder_ / "model").string());
  EXPECT_EQ(model.spec.params.input, InputDomain::bayer);
  EXPECT_TRUE(model.spec.params.residual);
  EXPECT_EQ(model.noise_range_8bit[1], 25.0);
  const torch::Tensor average = checkpoint.average.at("model.0.weight").contiguous();
  const auto& exported = model.weights.tensors.find("model.0.weight")->second.values;
  ASSERT_EQ(static_cast<std::int64_t>(exported.size()), average.numel());
  for (std::size_t i = 0; i < exported.size(); ++i) EXPECT_EQ(exported[i], average.data_ptr<float>()[i]);
  std::ifstream card(folder_ / "model" / "CARD.md");
  const std::string text((std::istreambuf_iterator<char>(card)), {});
  EXPECT_NE(text.find("3 steps"), std::string::npos);
  EXPECT_NE(text.find(checkpoint.recipe), std::string::npos) << "the recipe as trained";
}

TEST_F(SmallRun, weights_of_a_class_are_exported_beside_those_for_all) {
  Trainer(recipe("gray", 1), options("run")).run();
  const Checkpoint checkpoint = read_checkpoint(folder_ / "run" / "small.ckpt");
  export_class(checkpoint, folder_ / "model", "face");
  const Weights of_class = read_safetensors(folder_ / "model" / "classes" / "face.safetensors");
  EXPECT_EQ(of_class.metadata.at("class"), "face");
  export_model(checkpoint, folder_ / "model");
  const Weights of_all = read_safetensors(folder_ / "model" / "weights.safetensors");
  ASSERT_EQ(of_class.tensors.size(), of_all.tensors.size());
  for (const auto& [name, tensor] : of_all.tensors)
    EXPECT_EQ(tensor.values, of_class.tensors.find(name)->second.values) << name;
  EXPECT_THROW(export_class(checkpoint, folder_ / "model", "a/b"), Error);
}

TEST_F(SmallRun, starting_from_a_model_takes_over_what_fits) {
  Trainer gray(recipe("gray", 3), options("gray"));
  gray.run();
  export_model(read_checkpoint(folder_ / "gray" / "small.ckpt"), folder_ / "model");
  TrainOptions tuned = options("tuned");
  const Model model = load_model((folder_ / "model").string());
  for (const char* source : {"model", "model/weights.safetensors", "gray/small.ckpt"}) {
    tuned.start_from = folder_ / source;
    Trainer bayer(recipe("bayer", 3), tuned);
    const torch::Tensor middle = bayer.network().state().at("model.2.weight").contiguous();
    EXPECT_EQ(middle.data_ptr<float>()[0], model.weights.tensors.find("model.2.weight")->second.values[0]) << source;
  }
  tuned.start_from = "nonesuch";
  EXPECT_THROW(Trainer(recipe("bayer", 3), tuned), Error);
}

// The averaged weights' own statistics: not those of other weights, and nothing of the start, even after few steps.
TEST_F(SmallRun, exported_batch_norm_has_the_statistics_of_the_averaged_weights) {
  const Recipe r = parse_recipe(
      "name = \"small\"\n[network]\nnetwork = \"dncnn\"\ndepth = 5\nwidth = 12\nbatch_norm = true\nresidual = true\n"
      "[data]\nfolders = [\"pictures\"]\npatch_px = 32\nbatch = 8\n[noise]\nmin_8bit = 25.0\nmax_8bit = 25.0\n"
      "[loss]\nkind = \"residual\"\n[optimiser]\ncompute = \"f32\"\ninitialisation = \"orthogonal\"\nsteps = 4\n",
      "test recipe");
  Trainer trainer(r, options("norms"));
  trainer.run();
  const Checkpoint checkpoint = read_checkpoint(folder_ / "norms" / "small.ckpt");
  export_model(checkpoint, folder_ / "model");
  const Model model = load_model((folder_ / "model").string());
  TorchNetwork exported(model.spec, 0);
  exported.set_weights(model.weights);

  TorchNetwork average(build_network(r.network), 0);
  torch::NoGradGuard guard;
  for (const auto& [name, tensor] : average.state()) torch::Tensor(tensor).copy_(checkpoint.average.at(name));
  const PatchSource patches(r, average.spec(), folder_.path(), torch::kCPU);
  const Batch batch = patches.training_batch(2);
  const torch::Tensor by_batch = average.forward(batch.noisy, {}, torch::kFloat, /*training=*/true) - batch.noisy;
  const torch::Tensor by_export = exported.forward(batch.noisy, {}, torch::kFloat, /*training=*/false) - batch.noisy;
  // A channel's variance over one batch and over several differ as their pictures do: 4 of them, of about one contrast.
  const auto distance = [&](const torch::Tensor& other) {
    return ((other - by_batch).norm() / by_batch.norm()).item<double>();
  };
  EXPECT_LT(distance(by_export), 0.2);
  for (const auto& [name, tensor] : average.state())
    if (name.ends_with("running_mean") || name.ends_with("running_var"))
      torch::Tensor(tensor).fill_(name.ends_with("var") ? 1.0 : 0.0);
  const torch::Tensor by_start = average.forward(batch.noisy, {}, torch::kFloat, /*training=*/false) - batch.noisy;
  EXPECT_GT(distance(by_start), 0.4) << "the test would not see the difference";
}

TEST_F(SmallRun, damaged_checkpoints_and_missing_data_are_errors) {
  Trainer trainer(recipe("gray", 1), options("run"));
  trainer.run();
  const fs::path path = folder_ / "run" / "small.ckpt";
  fs::resize_file(path, fs::file_size(path) / 2);
  EXPECT_THROW((void)read_checkpoint(path), Error);
  EXPECT_THROW((void)read_checkpoint(folder_ / "none.ckpt"), Error);
  Recipe other = recipe("gray", 1);
  other.data.folders = {"nonesuch"};
  EXPECT_THROW(Trainer(other, options("other")), Error);
}

// Each process makes its own patches, and together they are those of the whole batch.
TEST_F(SmallRun, shares_of_a_batch_make_up_the_batch) {
  const Recipe r = recipe("gray", 1);
  const NetworkSpec spec = build_network(r.network);
  const Batch whole = PatchSource(r, spec, folder_.path(), torch::kCPU).training_batch(7);
  std::vector<torch::Tensor> clean;
  std::vector<torch::Tensor> noisy;
  for (int index = 0; index < 2; ++index) {
    const Batch share = PatchSource(r, spec, folder_.path(), torch::kCPU, {index, 2}).training_batch(7);
    clean.push_back(share.clean);
    noisy.push_back(share.noisy);
  }
  EXPECT_TRUE(torch::equal(torch::cat(clean), whole.clean));
  EXPECT_TRUE(torch::equal(torch::cat(noisy), whole.noisy));
  EXPECT_THROW(PatchSource(r, spec, folder_.path(), torch::kCPU, {0, 3}), Error) << "4 patches for 3 processes";
}

TEST(learning_rate, rises_stays_and_falls) {
  OptimiserRecipe recipe;
  recipe.learning_rate = 1.0;
  recipe.final_learning_rate = 0.1;
  recipe.steps = 1000;
  recipe.warmup_steps = 10;
  recipe.decay_from = 0.5;
  EXPECT_DOUBLE_EQ(learning_rate(recipe, 0), 0.1);
  EXPECT_DOUBLE_EQ(learning_rate(recipe, 9), 1.0);
  EXPECT_DOUBLE_EQ(learning_rate(recipe, 500), 1.0);
  EXPECT_NEAR(learning_rate(recipe, 750), 0.55, 1e-9);
  EXPECT_NEAR(learning_rate(recipe, 1000), 0.1, 1e-9);
}

}  // namespace
}  // namespace rdenoise::training

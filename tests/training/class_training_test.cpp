// SPDX-License-Identifier: LGPL-2.1-or-later
// Classifiers through the same loop as networks that denoise.
#include <gtest/gtest.h>

#include <cmath>
#include <rdenoise/error.hpp>
#include <rdenoise/picture_class.hpp>

#include "data/class_set.hpp"
#include "data/class_source.hpp"
#include "model_export.hpp"
#include "support/temporary_folder.hpp"
#include "trainer.hpp"
#include "training/picture_files.hpp"

namespace rdenoise::training {
namespace {

class DarkAndBright : public testing::Test {
 protected:
  void SetUp() override {
    torch::set_num_threads(1);
    for (int n = 0; n < 4; ++n) {
      write_formula_picture(folder_ / ("dark/" + std::to_string(n) + ".png"), 40 + 8 * n, 40, -0.2F);
      write_formula_picture(folder_ / ("bright/" + std::to_string(n) + ".png"), 40 + 8 * n, 40, 0.2F);
    }
  }

  static Recipe recipe(int steps) {
    return parse_recipe(
        "name = \"light\"\nvalidate_every = 4\n[network]\nnetwork = \"classifier\"\ninput = \"gray\"\ndepth = 3\n"
        "width = 8\nbatch_norm = true\n[data]\nfolders = [\"dark\", \"bright\"]\nbatch = 8\nhold_out_every = 2\n"
        "[task]\nkind = \"classify\"\nclasses = [\"dark\", \"bright\"]\nside_px = 32\nleast_confidence = 0.625\n"
        "[noise]\nmax_8bit = 50.0\nclip = true\n[optimiser]\ncompute = \"f32\"\nlearning_rate = 0.005\n"
        "warmup_steps = 5\nsteps = " +
            std::to_string(steps) + "\n",
        "test recipe");
  }
  TrainOptions options(const std::string& out) const { return {.data = folder_.path(), .out = folder_ / out}; }
  Checkpoint checkpoint(const std::string& out) const { return read_checkpoint(folder_ / out / "light.ckpt"); }

  test::TemporaryFolder folder_;
};

// Means differ by 0.4, the noise of a mean over 32² px at σ 50 by 0.2/32.
TEST_F(DarkAndBright, are_told_apart_at_every_noise_level) {
  Trainer(recipe(60), options("run")).run();
  const LearningCurve curve = checkpoint("run").curve;
  EXPECT_EQ(curve.labels(), (std::vector<std::string>{"σ0", "σ15", "σ25", "σ50"}));
  EXPECT_EQ(curve.figure(), ValidationFigure::right_percent);
  for (const LevelFigure& level : curve.points().back().levels) EXPECT_EQ(level.value, 100.0) << level.label;
  // Guessing has log 2; that much less says that most probabilities are above exp(-log 2 / 3) = 0.79.
  EXPECT_LT(curve.points().back().loss, std::log(2.0) / 3.0);
}

TEST_F(DarkAndBright, a_resumed_classifier_ends_as_one_that_never_stopped) {
  Trainer(recipe(12), options("whole")).run();
  int left = 6;
  TrainOptions first = options("parts");
  first.stop_requested = [&left] { return left-- == 0; };
  Trainer(recipe(12), first).run();
  TrainOptions second = options("parts");
  second.resume = folder_ / "parts" / "light.ckpt";
  Trainer resumed(recipe(12), second);
  EXPECT_EQ(resumed.step(), 6);
  resumed.run();

  const Checkpoint a = checkpoint("whole");
  const Checkpoint b = checkpoint("parts");
  for (const NamedTensors Checkpoint::*group : {&Checkpoint::weights, &Checkpoint::average, &Checkpoint::best})
    for (const auto& [name, tensor] : a.*group) EXPECT_TRUE(torch::equal(tensor, (b.*group).at(name))) << name;
  EXPECT_FALSE(a.best.empty());
  EXPECT_EQ(a.best_figure, b.best_figure);
  EXPECT_EQ(a.best_temperature, b.best_temperature);
  EXPECT_EQ(a.temperature, b.temperature);
  EXPECT_EQ(a.curve.to_rows().size(), b.curve.to_rows().size());
  EXPECT_EQ(b.curve.figure(), ValidationFigure::right_percent);
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(a.curve.points()[i].loss, b.curve.points()[i].loss);
    EXPECT_EQ(mean_figure(a.curve.points()[i]), mean_figure(b.curve.points()[i]));
  }
}

// Folding the norms and another order of summation change scores of about 1 by some 1e-6.
TEST_F(DarkAndBright, an_exported_classifier_gives_the_probabilities_of_the_trainer) {
  const Recipe r = recipe(20);
  Trainer(r, options("run")).run();
  Checkpoint trained = checkpoint("run");
  trained.best_temperature = 2.5;
  export_model(trained, folder_ / "model");
  EXPECT_FALSE(std::filesystem::exists(folder_ / "model/weights.safetensors"));
  const ClassifierModel exported = load_classifier(folder_ / "model/classifier.safetensors");
  EXPECT_EQ(exported.spec.params.classes, r.task.classes);
  EXPECT_EQ(exported.temperature, 2.5);
  EXPECT_EQ(exported.least_confidence, 0.625);
  EXPECT_EQ(exported.short_side_px, 32);

  TorchNetwork network(build_network(r.network), 0);
  torch::NoGradGuard guard;
  for (const auto& [name, tensor] : network.state()) torch::Tensor(tensor).copy_(trained.best.at(name));
  const ClassSet set(r, folder_.path());
  const ClassSource source(r, folder_.path(), torch::kCPU);
  PictureClassifier classifier(exported);
  for (const double sigma_8bit : {0.0, 25.0}) {
    const torch::Tensor scores =
        network.forward(source.validation_batch(sigma_8bit).pictures, {}, torch::kFloat, false).mean({2, 3});
    const torch::Tensor expected = torch::softmax(scores / 2.5, 1);
    for (int i = 0; i < set.validation_count(); ++i) {
      const Image picture = set.validation(i, sigma_8bit).picture;
      const auto probabilities = classifier.classify(picture.view());
      ASSERT_TRUE(probabilities);
      for (int c = 0; c < 2; ++c)
        EXPECT_NEAR((*probabilities)[static_cast<std::size_t>(c)], expected[i][c].item<double>(), 1e-4);
    }
  }
  EXPECT_THROW(export_class(trained, folder_ / "model", "dark"), Error) << "a classifier is of all classes";
}

// Several that are as good: the later has learnt for longer.
TEST_F(DarkAndBright, of_equally_good_validations_the_last_is_the_best) {
  Trainer(recipe(60), options("run")).run();
  const Checkpoint trained = checkpoint("run");
  EXPECT_EQ(trained.best_figure, 100.0);
  EXPECT_EQ(trained.best_step, 60);
}

TEST_F(DarkAndBright, shares_of_a_batch_make_up_the_batch) {
  const Recipe r = recipe(1);
  const ClassBatch whole = ClassSource(r, folder_.path(), torch::kCPU).training_batch(3);
  std::vector<torch::Tensor> pictures;
  std::vector<torch::Tensor> labels;
  for (int index = 0; index < 2; ++index) {
    const ClassSource source(r, folder_.path(), torch::kCPU, {index, 2});
    const ClassBatch share = source.training_batch(3);
    EXPECT_TRUE(torch::equal(share.pictures, source.make_batch(3).pictures));
    pictures.push_back(share.pictures);
    labels.push_back(share.labels);
  }
  EXPECT_TRUE(torch::equal(torch::cat(pictures), whole.pictures));
  EXPECT_TRUE(torch::equal(torch::cat(labels), whole.labels));
  EXPECT_THROW(ClassSource(r, folder_.path(), torch::kCPU, {0, 3}), Error) << "8 pictures for 3 processes";
}

}  // namespace
}  // namespace rdenoise::training

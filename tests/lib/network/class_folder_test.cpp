// SPDX-License-Identifier: LGPL-2.1-or-later
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <rdenoise/error.hpp>
#include <rdenoise/model.hpp>

#include "lib/network/random_weights.hpp"
#include "support/temporary_folder.hpp"

namespace rdenoise {
namespace {

namespace fs = std::filesystem;

/// A class-aware model with the classes day and night.
class ClassFolder : public testing::Test {
 protected:
  void SetUp() override {
    fs::create_directories(model());
    write_safetensors(model() / "weights.safetensors", test::random_weights(network(), 1));
    write_class_weights(model(), "day", test::random_weights(network(), 2));
    write_class_weights(model(), "night", test::random_weights(network(), 3));
    write_classifier(model(), classifier());
  }

  static NetworkSpec network(int depth = 3) {
    return build_network({.network = "class-aware", .image_channels = 1, .depth = depth, .width = 5, .residual = true});
  }
  static ClassifierModel classifier(std::vector<std::string> classes = {"day", "night"}) {
    ClassifierModel made;
    made.spec = build_network(
        {.network = "classifier", .image_channels = 1, .depth = 3, .width = 4, .classes = std::move(classes)});
    made.weights = test::random_weights(made.spec, 4);
    made.temperature = 1.7;
    made.least_confidence = 0.65;
    made.short_side_px = 96;
    return made;
  }
  fs::path model() const { return folder_ / "town"; }
  fs::path class_file(const std::string& name) const { return model() / "classes" / (name + ".safetensors"); }

  /// The message of the error that loading gives; empty if there is none.
  std::string refusal(ErrorCode expected = ErrorCode::corrupt) const {
    try {
      (void)load_model(model().string());
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), expected) << error.what();
      return error.what();
    }
    return {};
  }
  void rewrite(const fs::path& path, const std::string& key, const std::string& value) const {
    Weights weights = read_safetensors(path);
    weights.metadata[key] = value;
    write_safetensors(path, weights);
  }

  test::TemporaryFolder folder_;
};

bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

TEST_F(ClassFolder, brings_its_classes_and_its_classifier_along) {
  for (const fs::path& path : {model(), model() / "weights.safetensors"}) {
    const Model loaded = load_model(path.string());
    EXPECT_EQ(loaded.name, "town");
    ASSERT_EQ(loaded.by_class.size(), 2U);
    const Weights day = test::random_weights(network(), 2);
    for (const auto& [name, tensor] : loaded.by_class.at("day").tensors)
      EXPECT_EQ(tensor.values, day.tensors.find(name)->second.values) << name;
    ASSERT_TRUE(loaded.classifier);
    EXPECT_EQ(loaded.classifier->spec, classifier().spec);
    EXPECT_EQ(loaded.classifier->temperature, 1.7);
    EXPECT_EQ(loaded.classifier->least_confidence, 0.65);
    EXPECT_EQ(loaded.classifier->short_side_px, 96);
  }
}

TEST_F(ClassFolder, a_model_without_classes_is_as_it_was) {
  fs::remove_all(model() / "classes");
  fs::remove(model() / "classifier.safetensors");
  const Model loaded = load_model(model().string());
  EXPECT_TRUE(loaded.by_class.empty());
  EXPECT_FALSE(loaded.classifier);
}

TEST_F(ClassFolder, one_class_alone_is_a_model_as_well) {
  const Model loaded = load_model(class_file("day").string());
  EXPECT_EQ(loaded.name, "day");
  EXPECT_TRUE(loaded.by_class.empty());
}

TEST_F(ClassFolder, a_class_that_the_classifier_does_not_know_may_be_there) {
  write_class_weights(model(), "dusk", test::random_weights(network(), 6));
  EXPECT_EQ(load_model(model().string()).by_class.size(), 3U);
}

TEST_F(ClassFolder, other_files_among_the_classes_are_passed_over) {
  std::ofstream(model() / "classes" / "CARD.md") << "notes";
  EXPECT_EQ(load_model(model().string()).by_class.size(), 2U);
}

TEST_F(ClassFolder, batch_norm_is_folded_in_every_file) {
  const NetworkSpec unfolded = build_network(
      {.network = "dncnn", .image_channels = 1, .depth = 4, .width = 4, .batch_norm = true, .residual = true});
  write_safetensors(model() / "weights.safetensors", test::random_weights(unfolded, 1));
  write_class_weights(model(), "day", test::random_weights(unfolded, 2));
  write_class_weights(model(), "night", test::random_weights(unfolded, 3));
  const FoldedNetwork folded = fold_batch_norm(unfolded, test::random_weights(unfolded, 3));
  const Model loaded = load_model(model().string());
  for (const auto& [name, tensor] : loaded.by_class.at("night").tensors)
    EXPECT_EQ(tensor.values, folded.weights.tensors.find(name)->second.values);
  for (const auto& [name, weights] : loaded.by_class) check_weights(loaded.spec, weights);
}

// ---- malformed folders ----------------------------------------------------------------------------------------------

TEST_F(ClassFolder, a_class_of_another_size_is_refused_naming_both) {
  write_class_weights(model(), "night", test::random_weights(network(4), 3));
  const std::string message = refusal();
  EXPECT_TRUE(contains(message, "night.safetensors")) << message;
  EXPECT_TRUE(contains(message, "3 layers") && contains(message, "4 layers")) << message;
}

TEST_F(ClassFolder, a_class_of_another_architecture_is_refused) {
  write_class_weights(
      model(), "night",
      test::random_weights(build_network({.network = "ffdnet", .image_channels = 1, .depth = 3, .width = 5}), 3));
  const std::string message = refusal();
  EXPECT_TRUE(contains(message, "class-aware") && contains(message, "ffdnet")) << message;
}

TEST_F(ClassFolder, classes_without_a_classifier_are_refused) {
  fs::remove(model() / "classifier.safetensors");
  const std::string message = refusal();
  EXPECT_TRUE(contains(message, "classifier.safetensors") && contains(message, "day, night")) << message;
}

TEST_F(ClassFolder, a_classifier_naming_a_class_without_weights_is_refused) {
  fs::remove(class_file("night"));
  EXPECT_TRUE(contains(refusal(), "night"));
  fs::remove_all(model() / "classes");
  EXPECT_TRUE(contains(refusal(), "none")) << refusal();
}

TEST_F(ClassFolder, a_class_file_under_another_name_is_refused) {
  fs::rename(class_file("night"), class_file("dusk"));
  const std::string message = refusal();
  EXPECT_TRUE(contains(message, "\"dusk\"") && contains(message, "\"night\"")) << message;
}

TEST_F(ClassFolder, weights_that_do_not_say_their_class_are_refused) {
  write_safetensors(class_file("night"), test::random_weights(network(), 3));
  EXPECT_TRUE(contains(refusal(), "class: expected \"night\"")) << refusal();
}

TEST_F(ClassFolder, words_that_mean_something_else_are_no_class) {
  for (const char* name : {"auto", "none", "living room", "a,b", "", "../day"}) try {
      write_class_weights(model(), name, test::random_weights(network(), 3));
      ADD_FAILURE() << name;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::invalid_argument);
    }
  fs::copy(class_file("day"), class_file("auto"));
  EXPECT_TRUE(contains(refusal(), "other than auto and none")) << refusal();
}

TEST_F(ClassFolder, a_denoiser_in_the_classifiers_place_is_refused) {
  write_safetensors(model() / "classifier.safetensors", test::random_weights(network(), 3));
  EXPECT_TRUE(contains(refusal(), "which denoises")) << refusal();
  ClassifierModel wrong = classifier();
  wrong.spec = network();
  EXPECT_THROW(write_classifier(model(), wrong), Error);
}

TEST_F(ClassFolder, numbers_of_the_classifier_out_of_reason_are_refused_naming_the_entry) {
  const fs::path path = model() / "classifier.safetensors";
  for (const auto& [key, value] : {std::pair{"temperature", "0"},
                                   {"temperature", "nan"},
                                   {"temperature", "warm"},
                                   {"least_confidence", "1.5"},
                                   {"short_side_px", "4"},
                                   {"short_side_px", "1e9"},
                                   {"classes", "day"},
                                   {"classes", "day,day"},
                                   {"classes", "day,"},
                                   {"classes", "day,night,dusk"}}) {
    write_classifier(model(), classifier());
    rewrite(path, key, value);
    const std::string message = refusal();
    EXPECT_TRUE(contains(message, path.string())) << key << " = " << value << ": " << message;
    EXPECT_TRUE(contains(message, key) || contains(message, "classes") || contains(message, "scores"))
        << key << " = " << value << ": " << message;
  }
  ClassifierModel wrong = classifier();
  wrong.temperature = -1.0;
  EXPECT_THROW(write_classifier(model(), wrong), Error);
}

TEST_F(ClassFolder, damaged_weights_of_a_class_are_named_by_file_and_tensor) {
  Weights weights = read_safetensors(class_file("night"));
  weights.tensors.erase("noise.1.bias");
  write_safetensors(class_file("night"), weights);
  const std::string message = refusal();
  EXPECT_TRUE(contains(message, "night.safetensors") && contains(message, "noise.1.bias")) << message;
  std::ofstream(class_file("night"), std::ios::trunc) << "no tensors";
  EXPECT_TRUE(contains(refusal(), "night.safetensors"));
}

}  // namespace
}  // namespace rdenoise

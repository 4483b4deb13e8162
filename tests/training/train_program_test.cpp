// SPDX-License-Identifier: LGPL-2.1-or-later
// rdn-train as its users run it: killed, resumed, stopped, several together. No libtorch here: what comes out is
// compared by exported models.
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <fstream>
#include <iterator>
#include <random>
#include <rdenoise/model.hpp>
#include <rdenoise/picture_file.hpp>
#include <regex>
#include <sstream>
#include <thread>

#include "child_process.hpp"
#include "support/formula_pictures.hpp"
#include "support/temporary_folder.hpp"

namespace rdenoise::training {
namespace {

namespace fs = std::filesystem;
using test::ChildProcess;
using Variables = std::map<std::string, std::string>;
using namespace std::chrono_literals;

constexpr auto patience = 60s;

class TrainProgram : public testing::Test {
 protected:
  void SetUp() override {
    fs::create_directories(folder_ / "pictures");
    for (const int width_px : {144, 136})
      write_picture(folder_ / ("pictures/" + std::to_string(width_px) + ".png"),
                    {.image = test::formula_gray(width_px, 136)}, {});
    std::ofstream(folder_ / "tiny.toml") << "name = \"tiny\"\nvalidate_every = 50\n[network]\nnetwork = \"ffdnet\"\n"
                                            "depth = 3\nwidth = 8\n[data]\nfolders = [\"pictures\"]\npatch_px = 16\n"
                                            "batch = 4\n[optimiser]\ncompute = \"f32\"\ninitialisation = \"linear\"\n"
                                            "algorithm = \"muon\"\nwarmup_steps = 5\nsteps = 400\n";
  }

  std::vector<std::string> training(const std::string& out, const std::vector<std::string>& more = {}) const {
    std::vector<std::string> arguments{
        RDN_TRAIN_PROGRAM, (folder_ / "tiny.toml").string(), "--data", folder_.path().string(), "--device", "cpu",
        "--out",           (folder_ / out).string()};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return arguments;
  }
  static Variables one_thread() { return {{"OMP_NUM_THREADS", "1"}, {"MKL_NUM_THREADS", "1"}}; }
  static int run(const std::vector<std::string>& arguments, std::string* output = nullptr) {
    ChildProcess child(arguments, one_thread());
    const int code = child.wait();
    if (output != nullptr) *output = child.output();
    if (code != 0 && output == nullptr) ADD_FAILURE() << child.output();
    return code;
  }

  std::string checkpoint(const std::string& out) const { return (folder_ / out / "tiny.ckpt").string(); }
  /// Waits for a checkpoint other than the one there was.
  bool writes_checkpoint(const std::string& out, ChildProcess& child) const {
    const fs::path path = checkpoint(out);
    std::error_code none;
    const fs::file_time_type before = fs::last_write_time(path, none);
    for (const auto start = std::chrono::steady_clock::now(); std::chrono::steady_clock::now() - start < patience;) {
      if (fs::exists(path) && fs::last_write_time(path, none) != before) return true;
      if (!child.is_running()) return false;
      std::this_thread::sleep_for(2ms);
    }
    return false;
  }

  Weights exported(const std::string& out, const std::string& which = "last",
                   const std::vector<std::string>& options = {}) const {
    const std::string model = (folder_ / (out + "-model")).string();
    std::vector<std::string> arguments{RDN_TRAIN_PROGRAM, "export", checkpoint(out), model, "--which", which};
    arguments.insert(arguments.end(), options.begin(), options.end());
    EXPECT_EQ(run(arguments), 0);
    return read_safetensors(fs::path(model) / "weights.safetensors");
  }

  /// The table without its column of seconds.
  std::string curve(const std::string& out) const {
    std::ifstream file(folder_ / out / "tiny-curve.csv");
    std::string text;
    for (std::string line; std::getline(file, line);) {
      const std::size_t seconds = line.find(',') + 1;
      text += line.erase(seconds, line.find(',', seconds) - seconds) + '\n';
    }
    return text;
  }

  test::TemporaryFolder folder_;
};

TEST_F(TrainProgram, killed_twice_and_resumed_ends_with_the_same_bits) {
  ASSERT_EQ(run(training("whole")), 0);

  std::mt19937 random{std::random_device{}()};
  std::vector<std::string> often{"--checkpoint-every", "0.02s"};
  for (int kills = 0; kills < 2; ++kills) {
    ChildProcess child(training("parts", often), one_thread());
    ASSERT_TRUE(writes_checkpoint("parts", child)) << child.output();
    std::this_thread::sleep_for(std::chrono::milliseconds(std::uniform_int_distribution(0, 60)(random)));
    child.signal(SIGKILL);
    EXPECT_EQ(child.wait(), 128 + SIGKILL) << "it was through before; more steps are needed";
    often = {"--checkpoint-every", "0.02s", "--resume", checkpoint("parts")};
  }
  ASSERT_EQ(run(training("parts", {"--resume", checkpoint("parts")})), 0);

  const Weights whole = exported("whole");
  const Weights parts = exported("parts");
  ASSERT_EQ(whole.tensors.size(), parts.tensors.size());
  for (const auto& [name, tensor] : whole.tensors)
    EXPECT_EQ(tensor.values, parts.tensors.find(name)->second.values) << name;
  EXPECT_EQ(curve("whole"), curve("parts"));
  EXPECT_EQ(std::ranges::count(curve("whole"), '\n'), 9) << "names, and a row each 50 of 400 steps";
}

TEST_F(TrainProgram, sigterm_and_the_time_limit_stop_cleanly) {
  ChildProcess child(training("stopped", {"--set", "optimiser.steps=1000000", "--checkpoint-every", "0.05s"}),
                     one_thread());
  ASSERT_TRUE(writes_checkpoint("stopped", child)) << child.output();
  child.signal(SIGTERM);
  EXPECT_EQ(child.wait(), 0) << child.output();
  // Starting takes longer than this, and counts.
  EXPECT_EQ(run(training("limited", {"--time-limit", "0.001s", "--set", "optimiser.steps=1000000"})), 0);
  EXPECT_TRUE(fs::exists(checkpoint("limited")));
  EXPECT_FALSE(fs::exists(folder_ / "limited/tiny-curve.csv")) << "no step was made";
}

TEST_F(TrainProgram, fit_time_makes_a_recipe_that_the_run_finishes_and_half_keeps_its_weights) {
  ASSERT_EQ(run(training("fitted", {"--fit-time", "1s", "--set", "optimiser.steps=1000000"})), 0);
  const Weights full = exported("fitted");
  const fs::path path = folder_ / "fitted-model/weights.safetensors";
  const auto full_bytes = fs::file_size(path);
  const Weights half = exported("fitted", "last", {"--half"});
  EXPECT_LT(fs::file_size(path), 0.75 * static_cast<double>(full_bytes));
  for (const auto& [name, tensor] : full.tensors)
    for (std::size_t i = 0; i < tensor.values.size(); ++i)
      // 11 bits, rounded to the nearest; below 2^−14 steps of 2^−24.
      EXPECT_NEAR(half.tensors.find(name)->second.values[i], tensor.values[i],
                  std::max(std::abs(tensor.values[i]) * 0x1p-11, 0x1p-25));
  std::ifstream file(folder_ / "fitted-model/CARD.md");
  const std::string card(std::istreambuf_iterator<char>(file), {});
  std::smatch fitted;
  ASSERT_TRUE(std::regex_search(card, fitted, std::regex("\nsteps = (\\d+)\n"))) << card;
  EXPECT_NE(fitted[1], "1000000");
  EXPECT_NE(card.find("| " + fitted[1].str() + " steps of 4 patches"), std::string::npos) << card;
  std::string output;
  EXPECT_EQ(run(training("fitted", {"--fit-time", "1s", "--resume", checkpoint("fitted")}), &output), 2);
  EXPECT_NE(output.find("--fit-time"), std::string::npos) << output;
}

TEST_F(TrainProgram, json_lines_and_settings_reach_the_run_and_its_card) {
  std::string output;
  ASSERT_EQ(run(training("set", {"--set", "optimiser.steps=4", "--set", "validate_every=2", "--seed", "7", "--json"}),
                &output),
            0)
      << output;
  std::istringstream lines(output);
  int count = 0;
  for (std::string line; std::getline(lines, line); ++count)
    EXPECT_EQ(line.substr(0, 8) + line.back(), "{\"step\":}") << line;
  EXPECT_EQ(count, 2) << output;
  (void)exported("set", "best");
  std::ifstream file(folder_ / "set-model/CARD.md");
  const std::string card(std::istreambuf_iterator<char>(file), {});
  for (const char* text : {"steps = 4\n", "seed = 7\n", "validate_every = 2\n", "4 steps of 4 patches"})
    EXPECT_NE(card.find(text), std::string::npos) << text << " in " << card;
}

TEST_F(TrainProgram, wrong_settings_and_missing_data_are_told_by_name) {
  std::string output;
  EXPECT_EQ(run(training("x", {"--set", "optimiser.stepz=4"}), &output), 1);
  EXPECT_NE(output.find("stepz"), std::string::npos) << output;
  fs::create_directories(folder_ / "nothing");
  EXPECT_EQ(run(training("x", {"--set", "data.folders=[\"nothing\"]"}), &output), 1);
  EXPECT_NE(output.find("/nothing, found none"), std::string::npos) << output;
  EXPECT_EQ(run(training("x", {"--time-limit", "soon"}), &output), 2);
  EXPECT_NE(output.find("--time-limit"), std::string::npos) << output;
}

/// A port that is free now.
std::string free_port() {
  const int socket_descriptor = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof address;
  bind(socket_descriptor, reinterpret_cast<sockaddr*>(&address), length);
  getsockname(socket_descriptor, reinterpret_cast<sockaddr*>(&address), &length);
  close(socket_descriptor);
  return std::to_string(ntohs(address.sin_port));
}

class TrainTogether : public TrainProgram {
 protected:
  void SetUp() override {
    TrainProgram::SetUp();
    if (!CAN_TRAIN_TOGETHER) GTEST_SKIP() << "built without Gloo";
  }
  Variables place(int rank) const {
    Variables variables = one_thread();
    variables["RANK"] = variables["LOCAL_RANK"] = std::to_string(rank);
    variables["WORLD_SIZE"] = "2";
    variables["MASTER_ADDR"] = "127.0.0.1";
    variables["MASTER_PORT"] = port_;
    return variables;
  }

  std::string port_ = free_port();
};

double largest_difference(const Weights& a, const Weights& b) {
  double largest = 0.0;
  for (const auto& [name, tensor] : a.tensors) {
    const auto& other = b.tensors.find(name)->second.values;
    for (std::size_t i = 0; i < other.size(); ++i)
      largest = std::max(largest, std::abs(static_cast<double>(tensor.values[i]) - other[i]));
  }
  return largest;
}

// Both sum the same eight patches' gradients in another order: 2^-24 of each, grown by Muon's iteration (see its test)
// over 20 steps that move weights by up to 0.02 each. A process that learned from its own four alone would be off by
// such a step at once.
TEST_F(TrainTogether, two_processes_train_as_one_with_twice_their_batch) {
  const std::vector<std::string> few{"--set", "optimiser.steps=20", "--set", "validate_every=10",
                                     "--set", "data.batch=8"};
  ASSERT_EQ(run(training("one", few)), 0);
  {
    ChildProcess first(training("two", few), place(0));
    ChildProcess second(training("two", few), place(1));
    ASSERT_EQ(first.wait(), 0) << first.output() << second.output();
    ASSERT_EQ(second.wait(), 0) << second.output();
    EXPECT_EQ(second.output().find("PSNR"), std::string::npos) << "process 0 alone reports";
  }
  EXPECT_LT(largest_difference(exported("one"), exported("two")), 20 * 0.02 * 3e-5);
}

TEST_F(TrainTogether, a_peer_that_dies_ends_the_run_with_a_clear_error) {
  const std::vector<std::string> long_run{"--set", "optimiser.steps=1000000", "--checkpoint-every", "0.05s"};
  ChildProcess first(training("two", long_run), place(0));
  ChildProcess second(training("two", long_run), place(1));
  ASSERT_TRUE(writes_checkpoint("two", first)) << first.output() << second.output();
  second.signal(SIGKILL);
  EXPECT_EQ(first.wait(), 1);
  EXPECT_NE(first.output().find("process 0 of 2: expected an answer of all"), std::string::npos) << first.output();
}

TEST_F(TrainTogether, a_peer_that_never_comes_is_given_up_on) {
  ChildProcess alone(training("two", {"--peer-timeout", "1s"}), place(0));
  EXPECT_EQ(alone.wait(), 1);
  EXPECT_NE(alone.output().find("joining the other processes as 0 of 2"), std::string::npos) << alone.output();
}

TEST_F(TrainTogether, a_stop_of_one_stops_all_with_a_checkpoint) {
  const std::vector<std::string> long_run{"--set", "optimiser.steps=1000000", "--checkpoint-every", "0.05s"};
  ChildProcess first(training("two", long_run), place(0));
  ChildProcess second(training("two", long_run), place(1));
  ASSERT_TRUE(writes_checkpoint("two", first)) << first.output() << second.output();
  second.signal(SIGTERM);
  EXPECT_EQ(first.wait(), 0) << first.output();
  EXPECT_EQ(second.wait(), 0) << second.output();
}

TEST_F(TrainTogether, processes_of_different_recipes_refuse_each_other) {
  ChildProcess first(training("two", {"--seed", "1"}), place(0));
  ChildProcess second(training("two", {"--seed", "2"}), place(1));
  EXPECT_EQ(first.wait(), 1);
  EXPECT_EQ(second.wait(), 1);
  EXPECT_NE((first.output() + second.output()).find("the same recipe and step"), std::string::npos)
      << first.output() << second.output();
}

}  // namespace
}  // namespace rdenoise::training

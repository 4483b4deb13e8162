// SPDX-License-Identifier: LGPL-2.1-or-later
// The cluster recipes: three shards, one of them killed and tried again; together they do everything once.
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "batch_workplace.hpp"

namespace rdenoise::test {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

bool is_installed(const std::string& program) {
  return run_program({"sh", "-c", "command -v " + program}).exit_code == 0;
}

class Cluster : public BatchWorkplace {
 protected:
  void SetUp() override {
    BatchWorkplace::SetUp();
    write_photos(30, 200, 160);
    ASSERT_EQ(batch({path("in"), "-o", path("whole")}).exit_code, 0);
    setenv("RDN", write_program_that_is_killed_once().c_str(), 1);
  }

  /// rdn, whose second shard is killed by SIGKILL when it has written some of its files, at the first try.
  [[nodiscard]] std::string write_program_that_is_killed_once() const {
    const std::string rdn = RDN_PROGRAM;
    const std::string script = write_text("rdn-killed-once", R"sh(#!/bin/sh
place=$(dirname "$0")
case "$*" in
*"--shard 2/3"*)
  if mkdir "$place/killed" 2> /dev/null; then
    )sh" + rdn + R"sh( "$@" --jobs 1 &
    until [ "$(grep -c '"state":"done"' "$place/out/rdn-batch.2-of-3.jsonl" 2> /dev/null)" -ge 2 ] 2> /dev/null; do
      sleep 0.01
    done
    kill -9 $!
    wait $!
    )sh" + after_kill_ + R"sh(
    exit 137
  fi ;;
esac
exec )sh" + rdn + R"sh( "$@"
)sh");
    fs::permissions(script, fs::perms::owner_all);
    return script;
  }

  /// What the shards have made together.
  void expect_all_done_once() const {
    EXPECT_TRUE(fs::exists(path("killed"))) << "no shard was killed";
    FolderContents outputs = contents_of(path("out"));
    std::erase_if(outputs, [](const auto& file) { return file.first.ends_with(".json"); });
    EXPECT_EQ(outputs, contents_of(path("whole")));
    std::ifstream stream(path("out/report.json"));
    const json report = json::parse(stream, nullptr, false);
    ASSERT_TRUE(report.is_object());
    EXPECT_EQ(report["files"], 30);
    EXPECT_EQ(report["done"].get<int>() + report["resumed"].get<int>(), 30);
    EXPECT_GE(report["resumed"].get<int>(), 2) << "what the killed shard had done was done again";
    EXPECT_TRUE(report["twice"].empty());
    std::map<std::string, int> done;
    for (const std::string index : {"1", "2", "3"}) {
      std::ifstream journal(path("out/rdn-batch." + index + "-of-3.jsonl"));
      for (std::string line; std::getline(journal, line);) {
        const json entry = json::parse(line, nullptr, false);
        if (entry.is_object() && entry["state"] == "done") ++done[entry["source"]];
      }
    }
    EXPECT_EQ(done.size(), 30U);
    for (const auto& [source, count] : done) EXPECT_EQ(count, 1) << source;
  }

  std::string after_kill_;  ///< lines of shell that the program runs once it was killed
};

TEST_F(Cluster, gnu_parallel_tries_a_killed_shard_again) {
  if (!is_installed("parallel")) GTEST_SKIP() << "GNU parallel is not installed (Debian: parallel)";
  setenv("SHARDS", "3", 1);
  const ProgramResult result =
      run_program({SOURCE_ROOT "/pipelines/cluster/gnu-parallel", ":", path("in"), path("out")});
  EXPECT_EQ(result.exit_code, 0) << result.messages;
  expect_all_done_once();
}

class SlurmCluster : public Cluster {
 protected:
  void SetUp() override {
    // A task that ended is not put back by itself, so this one asks for it, as an administrator or a node's end would.
    after_kill_ = "scontrol requeue \"$SLURM_JOB_ID\"; sleep 60";
    Cluster::SetUp();
  }
};

TEST_F(SlurmCluster, slurm_goes_on_with_a_shard_that_was_killed_and_requeued) {
  for (const char* program : {"slurmctld", "slurmd", "munged", "sbatch"})
    if (!is_installed(program)) GTEST_SKIP() << program << " is not installed (Debian: slurm-wlm)";
  if (getuid() != 0) GTEST_SKIP() << "a Slurm of its own needs root";
  const ProgramResult result = run_program({SOURCE_ROOT "/tests/pipelines/slurm_on_localhost", path("slurm"), "sbatch",
                                            "--wait", "--array=1-3", "--output=" + path("slurm-%a.log"),
                                            SOURCE_ROOT "/pipelines/cluster/slurm-array", path("in"), path("out")});
  if (result.exit_code == 77) GTEST_SKIP() << "Slurm did not come up here: " << result.messages;
  EXPECT_EQ(result.exit_code, 0) << result.messages;
  Words merge{"merge-reports"};
  for (const std::string index : {"1", "2", "3"}) merge.push_back(path("out/report-" + index + "-of-3.json"));
  merge.insert(merge.end(), {"--output", path("out/report.json")});
  EXPECT_EQ(batch(merge).exit_code, 0);
  expect_all_done_once();
}

}  // namespace
}  // namespace rdenoise::test

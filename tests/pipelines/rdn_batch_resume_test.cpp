// SPDX-License-Identifier: LGPL-2.1-or-later
// rdn batch that is cut off: by SIGKILL, by Ctrl-C, by a full disk.
#include <fcntl.h>
#include <sys/file.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <thread>

#include "batch_workplace.hpp"
#include "support/spawn.hpp"

namespace rdenoise::test {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using std::chrono::milliseconds;

class RdnBatchResume : public BatchWorkplace {
 protected:
  /// Waits until `count` outputs are there, or the process has ended.
  static void wait_for_outputs(const std::string& folder, std::size_t count, pid_t child) {
    while (!fs::exists(folder) || contents_of_visible(folder) < count) {
      siginfo_t info{};
      if (waitid(P_PID, static_cast<id_t>(child), &info, WEXITED | WNOHANG | WNOWAIT) == 0 && info.si_pid == child)
        return;
      std::this_thread::sleep_for(milliseconds(1));
    }
  }

  static std::size_t contents_of_visible(const std::string& folder) {
    std::size_t count = 0;
    for (const auto& entry : fs::directory_iterator(folder)) {
      const std::string name = entry.path().filename();
      if (name.front() != '.' && !name.ends_with(".jsonl")) ++count;
    }
    return count;
  }
};

TEST_F(RdnBatchResume, killed_at_any_moment_and_resumed_it_gives_the_same_folder) {
  write_photos(12, 200, 160);
  ASSERT_EQ(batch({path("in"), "-o", path("whole"), "--format", "png"}).exit_code, 0);
  const FolderContents whole = contents_of(path("whole"));
  ASSERT_EQ(whole.size(), 12U);
  for (const std::string on_exist : {"fail", "rename"}) {
    const std::string out = path("out-" + on_exist);
    const Words arguments{path("in"), "-o", out, "--format", "png", "--resume", "--on-exist", on_exist};
    for (const std::size_t outputs : {0U, 1U, 3U, 6U, 9U}) {
      const pid_t child = start_batch(arguments);
      wait_for_outputs(out, outputs, child);
      std::this_thread::sleep_for(milliseconds(3 * outputs));
      kill(child, SIGKILL);
      wait_for_end(child);
      // Whatever has its final name is whole.
      if (fs::exists(out)) {
        for (const auto& [name, bytes] : contents_of(out)) {
          if (name.front() == '.') continue;
          ASSERT_TRUE(whole.contains(name)) << name;
          EXPECT_EQ(bytes, whole.at(name)) << name;
        }
      }
    }
    const json report = batch_object(arguments);
    EXPECT_EQ(report["done"].get<int>() + report["resumed"].get<int>(), 12);
    EXPECT_EQ(contents_of(out), whole) << "leftovers, too, would show";
    const json again = batch_object(arguments);
    EXPECT_EQ(again["resumed"], 12);
    EXPECT_TRUE(again["reports"][0].contains("noise")) << "the report of the earlier run is kept";
  }
}

TEST_F(RdnBatchResume, leftovers_of_its_own_are_removed_and_other_hidden_files_are_not) {
  write_photos(1);
  fs::create_directories(path("out"));
  write_text("out/.photo-0.123456.dng", "half");
  write_text("out/.photo-0.notes.dng", "mine");
  write_text("out/.other.123456.dng", "mine");
  EXPECT_EQ(batch({path("in"), "-o", path("out")}).exit_code, 0);
  const FolderContents contents = contents_of(path("out"));
  EXPECT_FALSE(contents.contains(".photo-0.123456.dng"));
  EXPECT_TRUE(contents.contains(".photo-0.notes.dng"));
  EXPECT_TRUE(contents.contains(".other.123456.dng"));
}

TEST_F(RdnBatchResume, what_changed_since_is_converted_again) {
  write_photos(2);
  const Words arguments{path("in"), "-o", path("out"), "--resume"};
  EXPECT_EQ(batch_object(arguments)["done"], 2);
  write_dng(path("in/photo-1.dng"), formula_raw(64, 40));
  EXPECT_EQ(statuses(batch_object(arguments)),
            (std::map<std::string, std::string>{{"photo-0.dng", "resumed"}, {"photo-1.dng", "done"}}));
  EXPECT_EQ(read_raw_file(path("out/photo-1.dng")).width_px, 64);
  Words stronger = arguments;
  stronger.insert(stronger.end(), {"--strength", "2"});
  EXPECT_EQ(batch_object(stronger)["done"], 2);
  fs::remove(path("out/photo-0.dng"));
  EXPECT_EQ(batch_object(stronger)["done"], 1);
}

TEST_F(RdnBatchResume, a_cut_off_journal_line_costs_that_file_alone) {
  write_photos(2);
  const Words arguments{path("in"), "-o", path("out"), "--resume", "--jobs", "1"};
  EXPECT_EQ(batch_object(arguments)["done"], 2);
  fs::resize_file(path("out/rdn-batch.jsonl"), fs::file_size(path("out/rdn-batch.jsonl")) - 20);
  const json report = batch_object(arguments);
  EXPECT_EQ(report["resumed"], 1);
  EXPECT_EQ(report["done"], 1);
  EXPECT_EQ(batch_object(arguments)["resumed"], 2);
}

TEST_F(RdnBatchResume, an_interrupt_finishes_what_runs_and_resume_does_the_rest) {
  write_photos(40, 300, 200);
  const Words arguments{path("in"), "-o",     path("out"), "--resume", "--format",
                        "png",      "--jobs", "1",         "--report", path("report.json")};
  const pid_t child = start_batch(arguments);
  wait_for_outputs(path("out"), 2, child);
  kill(child, SIGINT);
  EXPECT_EQ(wait_for_end(child), 1);
  std::ifstream stream(path("report.json"));
  const json report = json::parse(stream);
  EXPECT_GE(report["done"].get<int>(), 2);
  EXPECT_GT(report["not_begun"].get<int>(), 0);
  EXPECT_EQ(report["failed"], 0);
  EXPECT_EQ(contents_of(path("out")).size(), report["done"].get<std::size_t>());
  EXPECT_EQ(batch_object(arguments)["resumed"], report["done"]);
  EXPECT_EQ(contents_of(path("out")).size(), 40U);
}

TEST_F(RdnBatchResume, two_runs_do_not_share_a_journal) {
  write_photos(1);
  fs::create_directories(path("out"));
  const int journal = open(path("out/rdn-batch.jsonl").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
  ASSERT_EQ(flock(journal, LOCK_EX), 0);
  const ProgramResult second = batch({path("in"), "-o", path("out")});
  close(journal);
  EXPECT_EQ(second.exit_code, 1);
  EXPECT_NE(second.messages.find("rdn-batch.jsonl"), std::string::npos) << second.messages;
  EXPECT_TRUE(contents_of(path("out")).empty());
}

TEST_F(RdnBatchResume, a_full_disk_is_told_leaves_no_partial_file_and_loses_nothing) {
  write_photos(30, 300, 200);  // 120 kB each, as DNG
  fs::create_directories(path("out"));
  if (mount("none", path("out").c_str(), "tmpfs", 0, "size=1m") != 0)
    GTEST_SKIP() << "mounting a small file system needs root";
  const Words arguments{path("in"), "-o", path("out"), "--resume"};
  const json report = batch_object(arguments, 1);
  const FolderContents contents = contents_of(path("out"));
  for (const auto& [name, bytes] : contents) EXPECT_NE(name.front(), '.') << name;
  // Outputs may be there whose line the full disk had no room for: they are done again.
  EXPECT_GE(contents.size(), report["done"].get<std::size_t>());
  EXPECT_GT(report["done"].get<int>(), 0);
  EXPECT_GT(report["failed"].get<int>(), 0);
  EXPECT_EQ(report["done"].get<int>() + report["failed"].get<int>() + report["not_begun"].get<int>(), 30);
  bool names_the_disk = false;
  for (const json& file : report["reports"])
    if (file["status"] == "failed" && file["reason"].get<std::string>().find("the disk is full") != std::string::npos)
      names_the_disk = true;
  EXPECT_TRUE(names_the_disk) << report.dump(1);
  EXPECT_EQ(mount("none", path("out").c_str(), "tmpfs", MS_REMOUNT, "size=16m"), 0);
  const json rest = batch_object(arguments);
  EXPECT_EQ(rest["done"].get<int>() + rest["resumed"].get<int>(), 30);
  EXPECT_EQ(umount(path("out").c_str()), 0);
}

}  // namespace
}  // namespace rdenoise::test

// SPDX-License-Identifier: LGPL-2.1-or-later
#include "batch/batch_run.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <exception>
#include <new>
#include <rdenoise/error.hpp>
#include <rdenoise/parallel.hpp>
#include <system_error>
#include <thread>

#include "batch/convert_file.hpp"
#include "batch/interruption.hpp"
#include "batch/progress.hpp"

namespace rdn {
namespace {

namespace fs = std::filesystem;

void make_folder(const fs::path& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error || !fs::is_directory(folder))
    throw rdenoise::Error(rdenoise::ErrorCode::io, folder.string() + ": expected a folder that can be written, found " +
                                                       (error ? error.message() : "a file"));
}

/// True if there is no room for an output as large as the source.
bool is_full(const fs::path& folder, std::uintmax_t source_bytes) {
  constexpr std::uintmax_t least_bytes = 1 << 20;
  std::error_code error;
  const fs::space_info space = fs::space(folder, error);
  return !error && space.available < std::max(source_bytes, least_bytes);
}

/// Each file in flight may take twice its share of the cores: what the others leave while they read and write, and all
/// of it at the end, when few are left.
DenoiserArguments for_files_in_flight(DenoiserArguments arguments, int n_cores, int jobs) {
  arguments.n_threads = std::clamp((2 * n_cores + jobs - 1) / jobs, 1, n_cores);
  return arguments;
}

class BatchRun {
 public:
  BatchRun(std::vector<PlannedFile>& plan, const BatchArguments& arguments)
      : plan_(plan),
        arguments_(arguments),
        parameters_(parameters_hash(arguments)),
        journal_(arguments.output_dir, arguments.shard),
        cores_(arguments.denoiser.n_threads),
        jobs_(jobs_for(arguments.jobs)),
        methods_(for_files_in_flight(arguments.denoiser, cores_.n_threads(), jobs_)),
        memory_(arguments.max_memory_bytes > 0 ? arguments.max_memory_bytes : default_memory_limit_bytes()),
        progress_(progress_style(arguments.json), plan.size(), planned_bytes()) {}

  void run() {
    for (PlannedFile& file : plan_)
      if (file.report.status != FileStatus::planned) {
        FileReport settled = file.report;
        settled.source_bytes = 0;  // took no time
        progress_.file_settled(settled);
      }
    {
      std::vector<std::jthread> threads;
      for (int i = 0; i < jobs_; ++i) threads.emplace_back([this] { work(); });
    }
    for (PlannedFile& file : plan_) {
      if (file.report.status != FileStatus::planned) continue;
      file.report.status = FileStatus::not_begun;
      file.report.reason = is_interrupted() ? "interrupted" : "the disk is full";
    }
    progress_.finish();
  }

 private:
  [[nodiscard]] std::size_t planned_count() const {
    return static_cast<std::size_t>(
        std::ranges::count(plan_, FileStatus::planned, [](const PlannedFile& file) { return file.report.status; }));
  }

  [[nodiscard]] std::uintmax_t planned_bytes() const {
    std::uintmax_t sum = 0;
    for (const PlannedFile& file : plan_)
      if (file.report.status == FileStatus::planned) sum += file.source.size_bytes;
    return sum;
  }

  /// One more than cores: while one reads or writes, the others compute.
  [[nodiscard]] int jobs_for(int wanted) const {
    const int most = wanted > 0 ? wanted : cores_.n_threads() + 1;
    return std::clamp(static_cast<int>(std::min<std::size_t>(planned_count(), 4096)), 1, most);
  }

  void work() {
    for (std::size_t i = next_++; i < plan_.size() && !is_interrupted() && !disk_is_full_; i = next_++)
      if (plan_[i].report.status == FileStatus::planned) settle(plan_[i]);
  }

  void settle(PlannedFile& file) {
    FileReport& report = file.report;
    const auto begin = std::chrono::steady_clock::now();
    try {
      convert(file);
      report.status = FileStatus::done;
    } catch (const std::bad_alloc&) {
      report.reason = "out of memory";
    } catch (const std::exception& error) {
      report.reason = error.what();
    }
    if (report.status != FileStatus::done) {
      report.status = FileStatus::failed;
      if (is_full(arguments_.output_dir, report.source_bytes)) {
        // Writers seldom say why the system refused.
        report.reason += "; the disk is full";
        disk_is_full_ = true;
      }
    }
    report.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    progress_.file_settled(report);
  }

  void convert(PlannedFile& file) {
    const fs::path output = arguments_.output_dir / file.report.output;
    make_folder(output.parent_path());
    journal_.begin(file.source, parameters_, file.report.output);
    convert_file(file.source.path, output, arguments_, {cores_, methods_, memory_}, file.report);
    file.report.output_bytes = fs::file_size(output);
    journal_.done(file.source, parameters_, file.report);
  }

  std::vector<PlannedFile>& plan_;
  const BatchArguments& arguments_;
  std::string parameters_;
  Journal journal_;
  rdenoise::SharedCores cores_;
  int jobs_;
  MethodPool methods_;
  MemoryBudget memory_;
  Progress progress_;
  std::atomic<std::size_t> next_ = 0;
  std::atomic<bool> disk_is_full_ = false;
};

}  // namespace

std::vector<FileReport> run_batch(std::vector<PlannedFile> plan, const BatchArguments& arguments) {
  make_folder(arguments.output_dir);
  watch_for_interruption();
  {
    BatchRun run(plan, arguments);
    // Now that the journal is this process's alone, so are the temporary files.
    remove_leftovers(plan, arguments.output_dir);
    run.run();
  }
  std::vector<FileReport> reports;
  for (PlannedFile& file : plan) reports.push_back(std::move(file.report));
  return reports;
}

}  // namespace rdn

// SPDX-License-Identifier: LGPL-2.1-or-later
// rdn batch: many RAW photos and pictures in one process.
#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdio>
#include <map>
#include <memory>
#include <rdenoise/isp.hpp>
#include <rdenoise/text_file.hpp>
#include <string>
#include <vector>

#include "batch/batch_arguments.hpp"
#include "batch/batch_plan.hpp"
#include "batch/batch_report.hpp"
#include "batch/batch_run.hpp"
#include "command.hpp"
#include "json_output.hpp"
#include "profile_output.hpp"

namespace rdn {
namespace {

namespace fs = std::filesystem;

const std::map<std::string, BatchFormat> formats{{"dng", BatchFormat::dng},
                                                 {"dng-linear", BatchFormat::dng_linear},
                                                 {"tiff", BatchFormat::tiff},
                                                 {"png", BatchFormat::png},
                                                 {"jpeg", BatchFormat::jpeg}};

const std::map<std::string, OnExist> on_exist_words{
    {"skip", OnExist::skip}, {"overwrite", OnExist::overwrite}, {"rename", OnExist::rename}, {"fail", OnExist::fail}};

struct Arguments {
  BatchArguments batch;
  std::string shard;
  bool is_merge = false;
  std::vector<fs::path> merged;
  fs::path merge_output;
};

void check(const BatchArguments& arguments) {
  if (arguments.sources.inputs.empty() && arguments.sources.files_from.empty())
    throw UsageError("batch: expected files, folders or --files-from, found none");
  if (arguments.output_dir.empty()) throw UsageError("batch: expected --output-dir, found none");
  check_method(arguments.denoiser);
  check_pattern(arguments.naming.pattern);
}

void write_json(const fs::path& path, const Json& object) {
  rdenoise::write_text_file(path, object.dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
}

void print_plan(const std::vector<PlannedFile>& plan) {
  for (const PlannedFile& file : plan) {
    const FileReport& report = file.report;
    std::printf("%s -> %s: %s%s%s\n", report.source.c_str(), report.output.c_str(),
                std::string(to_string(report.status)).c_str(), report.reason.empty() ? "" : ", ",
                report.reason.c_str());
  }
}

int finish(const Json& report, const BatchArguments& arguments) {
  if (!arguments.report.empty()) write_json(arguments.report, report);
  if (arguments.json) print_json(report);
  return is_complete(report) ? exit_done : exit_input_failed;
}

std::vector<FileReport> reports_of(const std::vector<PlannedFile>& plan) {
  std::vector<FileReport> reports;
  for (const PlannedFile& file : plan) reports.push_back(file.report);
  return reports;
}

int run_batch_command(BatchArguments& arguments, const std::string& shard) {
  check(arguments);
  if (!shard.empty()) arguments.shard = parse_shard(shard);
  const auto begin = std::chrono::steady_clock::now();
  const std::vector<Source> sources = list_sources(arguments.sources, arguments.output_dir);
  const JournalEntries journal = arguments.resume ? read_journals(arguments.output_dir) : JournalEntries{};
  std::vector<PlannedFile> plan = plan_batch(sources, arguments, journal);
  if (arguments.dry_run) {
    if (!arguments.json) print_plan(plan);
    return finish(batch_report(reports_of(plan), arguments, 0.0), arguments);
  }
  if (plan.empty())
    std::fputs(arguments.sources.recursive ? "rdn: batch: found no RAW photos or pictures there\n"
                                           : "rdn: batch: found no RAW photos or pictures there; -r also looks below\n",
               stderr);
  const std::vector<FileReport> reports = run_batch(std::move(plan), arguments);
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - begin;
  const Json report = batch_report(reports, arguments, seconds.count());
  std::fprintf(stderr, "%zu files: %d done, %d resumed, %d skipped, %d failed, %d not begun; %.1f s\n", reports.size(),
               report["done"].get<int>(), report["resumed"].get<int>(), report["skipped"].get<int>(),
               report["failed"].get<int>(), report["not_begun"].get<int>(), seconds.count());
  return finish(report, arguments);
}

int run_merge(const Arguments& arguments) {
  const Json merged = merged_reports(arguments.merged);
  if (!arguments.merge_output.empty()) write_json(arguments.merge_output, merged);
  if (arguments.merge_output.empty() || arguments.batch.json) print_json(merged);
  for (const Json& source : merged["twice"])
    std::fprintf(stderr, "%s: converted by more than one\n", source.get<std::string>().c_str());
  return is_complete(merged) && merged["twice"].empty() ? exit_done : exit_input_failed;
}

int run(Arguments& arguments) {
  return arguments.is_merge ? run_merge(arguments) : run_batch_command(arguments.batch, arguments.shard);
}

void add_source_options(CLI::App& command, BatchArguments& batch) {
  command.add_option("INPUT", batch.sources.inputs,
                     "Files, folders, patterns (*.CR2), or @LIST: a file with a path on each line");
  command.add_option("--files-from", batch.sources.files_from, "As @LIST; - reads the list from stdin");
  command.add_flag("-r,--recursive", batch.sources.recursive,
                   "Folders with all that is below them; the outputs keep their places");
}

void add_output_options(CLI::App& command, BatchArguments& batch) {
  command.add_option("-o,--output-dir", batch.output_dir, "Folder of the outputs; made if it is not there");
  command
      .add_option("--format", batch.naming.format,
                  "dng (a RAW photo stays a mosaic), dng-linear (demosaiced, camera RGB), tiff (16 bit), png or jpeg; "
                  "without: dng for RAW "
                  "photos, their own format for pictures")
      ->transform(CLI::CheckedTransformer(formats))
      ->default_str("");
  command
      .add_option("--name", batch.naming.pattern,
                  "Names of the outputs: {name} is the source's without its ending, {ext} the ending")
      ->capture_default_str();
  command
      .add_option("--on-exist", batch.on_exist,
                  "Where there is a file of the output's name: skip, overwrite, rename "
                  "(name-2.png) or fail")
      ->transform(CLI::CheckedTransformer(on_exist_words))
      ->default_str("skip");
  command.add_option("--bit-depth", batch.output.bit_depth, "Bits of a PNG or TIFF, 32 (float) for TIFF")
      ->check(CLI::IsMember({8, 16, 32}));
  command.add_option("--jpeg-quality", batch.output.jpeg_quality, "1 to 100")
      ->check(CLI::Range(1, 100))
      ->capture_default_str();
  add_dng_compression_option(command, batch.output);
  command.add_flag("--force", batch.force, "Denoise RAW photos even if rdenoise has denoised them before");
  command.add_option("--report", batch.report, "Write what became of each file to this file (JSON)");
}

void add_run_options(CLI::App& command, Arguments& arguments) {
  BatchArguments& batch = arguments.batch;
  command.add_flag("--resume", batch.resume, "Go on where an earlier run of the same batch was cut off");
  command.add_flag("--dry-run", batch.dry_run, "Show what would be done");
  command.add_option("--jobs", batch.jobs, "Files in flight; 0: one more than threads")
      ->check(CLI::Range(0, 4096))
      ->capture_default_str();
  command
      .add_option("--max-memory", batch.max_memory_bytes,
                  "About as much memory (4G, 500M) for the files in flight; 0: three quarters of what is free")
      ->transform(CLI::AsSizeValue(false));
  command.add_option("--shard", arguments.shard,
                     "i/n: only the i-th of n parts, each file's part chosen by its path below the input folder");
}

void add_denoise_options(CLI::App& command, BatchArguments& batch) {
  add_denoiser_options(command, batch.denoiser)
      ->description("Name or path of a model; without: ffdnet-gray, ffdnet-color or ffdnet-bayer, as each file is");
  add_method_option(command, batch.denoiser);
  add_noise_options(command, batch.noise);
  batch.noise.method = rdenoise::EstimateMethod::automatic;
  command
      .add_option("--noise-method", batch.noise.method,
                  "How noise is estimated: auto (poisson-gaussian for RAW photos; for pictures level-function, unless "
                  "their noise is white), poisson-gaussian, gaussian or level-function")
      ->transform(CLI::CheckedTransformer(estimate_methods()))
      ->default_str("auto");
  command
      .add_option("--strength", batch.denoiser.strength, "Multiplies the noise level; 0 leaves every pixel as it is")
      ->check(CLI::Range(0.0, 100.0))
      ->capture_default_str();
  std::vector<std::string> methods;
  for (const rdenoise::DemosaicMethod method : rdenoise::demosaic_methods) methods.emplace_back(to_string(method));
  batch.demosaic = to_string(rdenoise::DevelopOptions{}.demosaic);
  command
      .add_option("--demosaic", batch.demosaic, "How a RAW photo's missing colours are interpolated, when developed")
      ->check(CLI::IsMember(methods))
      ->capture_default_str();
}

}  // namespace

void add_batch_command(CLI::App& parent, Action& chosen) {
  auto arguments = std::make_shared<Arguments>();
  CLI::App& command = *parent.add_subcommand("batch", "Denoise many RAW photos and pictures");
  command.footer(
      "Files fail one by one, and the rest goes on. Outputs appear when they are whole, so a run may be killed at any\n"
      "time; --resume goes on by the journal rdn-batch.jsonl in the output folder. Ctrl-C finishes the files that "
      "have\n"
      "begun, a second one aborts. --json: a JSON line for each file on stderr, the report as one object on stdout.");
  add_source_options(command, arguments->batch);
  add_output_options(command, arguments->batch);
  add_run_options(command, *arguments);
  add_denoise_options(command, arguments->batch);
  add_json_flag(command, arguments->batch.json);
  CLI::App& merge = *command.add_subcommand("merge-reports", "The reports of several shards or runs as one");
  merge.add_option("REPORT", arguments->merged, "Files that --report wrote")->required();
  merge.add_option("--output", arguments->merge_output, "Write it to this file instead of stdout");
  add_json_flag(merge, arguments->batch.json);
  merge.callback([arguments] { arguments->is_merge = true; });
  command.callback([arguments, &chosen] { chosen = [arguments] { return run(*arguments); }; });
}

}  // namespace rdn

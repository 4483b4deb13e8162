// SPDX-License-Identifier: LGPL-2.1-or-later
#include "batch/batch_plan.hpp"

#include <map>
#include <rdenoise/text_file.hpp>
#include <set>
#include <system_error>
#include <utility>

namespace rdn {
namespace {

namespace fs = std::filesystem;

class Planner {
 public:
  Planner(const std::vector<Source>& sources, const BatchArguments& arguments, const JournalEntries& journal)
      : arguments_(arguments), journal_(journal), parameters_(parameters_hash(arguments)) {
    for (const Source& source : sources) sources_.insert(source.path);
  }

  PlannedFile plan(const Source& source) {
    PlannedFile file{source, {}};
    FileReport& report = file.report;
    report.source = source.path;
    report.source_bytes = source.size_bytes;
    report.status = FileStatus::planned;
    if (!source.problem.empty()) {
      fail(report, source.problem);
    } else if (const JournalEntry* entry = entry_of(source)) {
      go_on(*entry, file);
    } else {
      choose_name(report, output_name(source.relative, arguments_.naming));
    }
    return file;
  }

 private:
  /// With --resume: what earlier runs made of the source.
  [[nodiscard]] const JournalEntry* entry_of(const Source& source) const {
    if (!arguments_.resume) return nullptr;
    const auto found = journal_.find(source.path.string());
    if (found == journal_.end()) return nullptr;
    // Under another name it would be another file; that of the earlier run then stays as it is.
    const fs::path wanted = output_name(source.relative, arguments_.naming);
    const bool same_kind = found->second.output.parent_path() == wanted.parent_path() &&
                           found->second.output.extension() == wanted.extension();
    return same_kind ? &found->second : nullptr;
  }

  void go_on(const JournalEntry& entry, PlannedFile& file) {
    FileReport& report = file.report;
    if (!claim(report, entry.output)) return;
    std::error_code error;
    const std::uintmax_t size_bytes = fs::file_size(arguments_.output_dir / entry.output, error);
    // An output that was being written is either not there, or whole: then only its line in the journal is lost. One
    // from other settings or another source is out of date. Both are this program's own and are written anew.
    if (entry.is_done && !error && size_bytes == entry.output_bytes && entry.is_of(file.source, parameters_)) {
      report.status = FileStatus::resumed;
      report.output_bytes = entry.output_bytes;
      report.details = entry.report;
    }
  }

  void choose_name(FileReport& report, const fs::path& wanted) {
    const bool exists = fs::exists(arguments_.output_dir / wanted);
    switch (arguments_.on_exist) {
      case OnExist::rename:
        return choose_free_name(report, wanted);
      case OnExist::overwrite:
        break;
      case OnExist::skip:
        if (exists) {
          report.status = FileStatus::skipped;
          report.reason = "the output exists";
        }
        break;
      case OnExist::fail:
        if (exists) fail(report, "expected no file of the output's name, found one");
        break;
    }
    claim(report, wanted);
  }

  void choose_free_name(FileReport& report, const fs::path& wanted) {
    fs::path name = wanted;
    for (int number = 2; outputs_.contains(name) || fs::exists(arguments_.output_dir / name); ++number)
      name = numbered(wanted, number);
    claim(report, name);
  }

  /// False if the name cannot be had.
  bool claim(FileReport& report, const fs::path& name) {
    report.output = name;
    const auto [place, is_new] = outputs_.try_emplace(name, report.source);
    if (!is_new) {
      fail(report, "expected an output name of its own (--name \"{name}_{ext}\", --on-exist rename), found that of " +
                       place->second.string());
    } else if (sources_.contains(fs::absolute(arguments_.output_dir / name).lexically_normal())) {
      fail(report, "expected an output that is no source, found that it would replace one");
    } else {
      return true;
    }
    return false;
  }

  static void fail(FileReport& report, std::string reason) {
    report.status = FileStatus::failed;
    report.reason = std::move(reason);
  }

  const BatchArguments& arguments_;
  const JournalEntries& journal_;
  std::string parameters_;
  std::set<fs::path> sources_;
  std::map<fs::path, fs::path> outputs_;  ///< and whose they are
};

/// The output's name that a temporary file's name was made of: ".photo.123.dng" is of "photo.dng".
fs::path output_of_temporary(const fs::path& name) {
  const fs::path stem = name.stem();  // .photo.123
  const std::string text = stem.stem().string();
  return text.empty() ? fs::path() : fs::path(text.substr(1) + name.extension().string());
}

}  // namespace

std::vector<PlannedFile> plan_batch(const std::vector<Source>& sources, const BatchArguments& arguments,
                                    const JournalEntries& journal) {
  Planner planner(sources, arguments, journal);
  std::vector<PlannedFile> plan;
  for (const Source& source : sources) {
    PlannedFile file = planner.plan(source);
    if (arguments.shard.takes(source.relative)) plan.push_back(std::move(file));
  }
  return plan;
}

void remove_leftovers(const std::vector<PlannedFile>& plan, const fs::path& output_dir) {
  std::map<fs::path, std::set<fs::path>> names_by_folder;
  for (const PlannedFile& file : plan) {
    const fs::path path = output_dir / file.report.output;
    if (file.report.status == FileStatus::planned) names_by_folder[path.parent_path()].insert(path.filename());
  }
  std::error_code error;
  for (const auto& [folder, names] : names_by_folder) {
    std::vector<fs::path> leftovers;
    for (const fs::directory_entry& entry : fs::directory_iterator(folder, error)) {
      const fs::path name = entry.path().filename();
      const fs::path output = output_of_temporary(name);
      if (names.contains(output) && rdenoise::is_temporary_name_of(name, output)) leftovers.push_back(entry.path());
    }
    for (const fs::path& path : leftovers) fs::remove(path, error);
  }
}

}  // namespace rdn

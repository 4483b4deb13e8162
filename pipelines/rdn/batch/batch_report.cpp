// SPDX-License-Identifier: LGPL-2.1-or-later
#include "batch/batch_report.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <map>
#include <rdenoise/error.hpp>
#include <string>

namespace rdn {
namespace {

namespace fs = std::filesystem;

/// The one that tells most comes first.
constexpr std::array statuses{FileStatus::done,   FileStatus::resumed,   FileStatus::skipped,
                              FileStatus::failed, FileStatus::not_begun, FileStatus::planned};

std::size_t rank(const Json& report) {
  const auto word = report.at("status").get<std::string>();
  const auto place = std::ranges::find(statuses, word, [](FileStatus status) { return to_string(status); });
  return static_cast<std::size_t>(place - statuses.begin());
}

void add_counts(const Json& reports, Json& object) {
  object["files"] = reports.size();
  for (const FileStatus status : statuses) {
    std::string key(to_string(status));
    std::ranges::replace(key, ' ', '_');
    object[key] =
        std::ranges::count_if(reports, [&](const Json& report) { return report.at("status") == to_string(status); });
  }
}

Json read_report(const fs::path& path) {
  errno = 0;
  std::ifstream stream(path);
  if (!stream)
    throw rdenoise::Error(errno == ENOENT ? rdenoise::ErrorCode::not_found : rdenoise::ErrorCode::io,
                          path.string() + ": expected a report of rdn batch, found " + std::strerror(errno));
  Json report = Json::parse(stream, nullptr, false);
  const bool is_report = report.is_object() && report.contains("reports") && report["reports"].is_array() &&
                         std::ranges::all_of(report["reports"], [](const Json& file) {
                           return file.is_object() && file.contains("source") && file["source"].is_string() &&
                                  file.contains("status") && file["status"].is_string();
                         });
  if (!is_report)
    throw rdenoise::Error(rdenoise::ErrorCode::corrupt,
                          path.string() + ": expected a report of rdn batch, found something else");
  return report;
}

}  // namespace

Json batch_report(const std::vector<FileReport>& reports, const BatchArguments& arguments, double seconds) {
  Json files = Json::array();
  for (const FileReport& report : reports) files.push_back(to_json(report));
  Json object = {{"output_dir", fs::absolute(arguments.output_dir).lexically_normal().string()},
                 {"parameters", parameters_hash(arguments)},
                 {"shard", std::to_string(arguments.shard.index) + "/" + std::to_string(arguments.shard.count)}};
  add_counts(files, object);
  object["seconds"] = seconds;
  object["reports"] = std::move(files);
  return object;
}

bool is_complete(const Json& report) { return report.at("failed") == 0 && report.at("not_begun") == 0; }

Json merged_reports(const std::vector<fs::path>& paths) {
  std::map<std::string, Json> by_source;
  std::map<std::string, int> conversions;
  double seconds = 0.0;
  for (const fs::path& path : paths) {
    const Json report = read_report(path);
    seconds += report.value("seconds", 0.0);
    for (const Json& file : report.at("reports")) {
      const auto source = file.at("source").get<std::string>();
      if (file.at("status") == to_string(FileStatus::done)) ++conversions[source];
      const auto [place, is_new] = by_source.try_emplace(source, file);
      if (!is_new && rank(file) < rank(place->second)) place->second = file;
    }
  }
  Json files = Json::array();
  for (auto& [source, file] : by_source) files.push_back(std::move(file));
  Json twice = Json::array();
  for (const auto& [source, count] : conversions)
    if (count > 1) twice.push_back(source);
  Json object = Json::object();
  add_counts(files, object);
  object["twice"] = std::move(twice);
  object["seconds"] = seconds;
  object["reports"] = std::move(files);
  return object;
}

}  // namespace rdn

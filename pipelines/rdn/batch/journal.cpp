// SPDX-License-Identifier: LGPL-2.1-or-later
#include "batch/journal.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <rdenoise/error.hpp>
#include <vector>

namespace rdn {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view stem = "rdn-batch";
constexpr std::string_view ending = ".jsonl";

std::string journal_name(const Shard& shard) {
  std::string name(stem);
  if (shard.count > 1) name += "." + std::to_string(shard.index) + "-of-" + std::to_string(shard.count);
  return name.append(ending);
}

void read_line(const std::string& line, JournalEntries& entries) {
  const Json object = Json::parse(line, nullptr, false);
  if (!object.is_object()) return;
  try {
    JournalEntry entry;
    entry.source_bytes = object.at("source_bytes").get<std::uintmax_t>();
    entry.source_mtime_ns = object.at("source_mtime_ns").get<std::int64_t>();
    entry.parameters = object.at("parameters").get<std::string>();
    entry.output = object.at("output").get<std::string>();
    entry.is_done = object.at("state") == "done";
    if (entry.is_done) {
      entry.output_bytes = object.at("output_bytes").get<std::uintmax_t>();
      entry.report = object.at("report");
    }
    entries.insert_or_assign(object.at("source").get<std::string>(), std::move(entry));
  } catch (const Json::exception&) {
    // Not one of ours: the file it tells of will be converted again.
  }
}

}  // namespace

bool JournalEntry::is_of(const Source& source, const std::string& parameters_hash) const {
  return source_bytes == source.size_bytes && source_mtime_ns == source.mtime_ns && parameters == parameters_hash;
}

JournalEntries read_journals(const fs::path& folder) {
  std::vector<fs::path> paths;
  std::error_code error;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder, error)) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with(stem) && name.ends_with(ending)) paths.push_back(entry.path());
  }
  // Where two tell of the same source (the number of shards was changed), the one written last counts.
  std::ranges::sort(paths, {}, [&](const fs::path& path) { return fs::last_write_time(path, error); });
  JournalEntries entries;
  for (const fs::path& path : paths) {
    std::ifstream stream(path);
    for (std::string line; std::getline(stream, line);) read_line(line, entries);
  }
  return entries;
}

Journal::Journal(const fs::path& folder, const Shard& shard) : path_(folder / journal_name(shard)) {
  const auto fail = [&](const std::string& found) {
    if (descriptor_ >= 0) ::close(descriptor_);
    throw rdenoise::Error(rdenoise::ErrorCode::io,
                          path_.string() + ": expected a journal that can be written, found " + found);
  };
  descriptor_ = ::open(path_.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
  if (descriptor_ < 0) fail(std::strerror(errno));
  // File systems without locks are taken as they are.
  if (::flock(descriptor_, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK)
    fail("that another rdn batch is writing it");
  // A line that was cut off must not swallow the next one.
  const off_t size_bytes = ::lseek(descriptor_, 0, SEEK_END);
  char last = '\n';
  if (size_bytes > 0 && (::pread(descriptor_, &last, 1, size_bytes - 1) != 1 || last != '\n') &&
      ::write(descriptor_, "\n", 1) != 1)
    fail(std::strerror(errno));
}

Journal::~Journal() { ::close(descriptor_); }

void Journal::add_line(Json line) {
  const std::string text = line.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
  const std::scoped_lock lock(mutex_);
  const off_t size_before_bytes = ::lseek(descriptor_, 0, SEEK_END);
  errno = ENOSPC;
  const ssize_t written = ::write(descriptor_, text.data(), text.size());
  if (written == static_cast<ssize_t>(text.size()) && ::fdatasync(descriptor_) == 0) return;
  const int error = errno;
  // Half a line is of no use to anybody.
  if (written > 0 && ::ftruncate(descriptor_, size_before_bytes) != 0) errno = error;
  throw rdenoise::Error(rdenoise::ErrorCode::io, "writing " + path_.string() + ": " + std::strerror(error));
}

void Journal::begin(const Source& source, const std::string& parameters, const fs::path& output) {
  add_line({{"state", "begin"},
            {"source", source.path.string()},
            {"source_bytes", source.size_bytes},
            {"source_mtime_ns", source.mtime_ns},
            {"parameters", parameters},
            {"output", output.string()}});
}

void Journal::done(const Source& source, const std::string& parameters, const FileReport& report) {
  add_line({{"state", "done"},
            {"source", source.path.string()},
            {"source_bytes", source.size_bytes},
            {"source_mtime_ns", source.mtime_ns},
            {"parameters", parameters},
            {"output", report.output.string()},
            {"output_bytes", report.output_bytes},
            {"report", report.details}});
}

}  // namespace rdn

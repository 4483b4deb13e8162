// SPDX-License-Identifier: LGPL-2.1-or-later
#include "batch_workplace.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "support/spawn.hpp"

namespace rdenoise::test {

namespace fs = std::filesystem;

void BatchWorkplace::SetUp() {
  Workplace::SetUp();
  fs::create_directories(path("in"));
}

ProgramResult BatchWorkplace::batch(Words arguments) {
  arguments.insert(arguments.begin(), "batch");
  return run_rdn(std::move(arguments));
}

nlohmann::json BatchWorkplace::batch_object(Words arguments, int exit_code) {
  arguments.emplace_back("--json");
  const ProgramResult result = batch(std::move(arguments));
  EXPECT_EQ(result.exit_code, exit_code) << result.messages;
  nlohmann::json object = nlohmann::json::parse(result.out, nullptr, false);
  EXPECT_TRUE(object.is_object()) << result.out << result.messages;
  return object;
}

pid_t BatchWorkplace::start_batch(Words arguments) {
  arguments.insert(arguments.begin(), {RDN_PROGRAM, "batch"});
  const int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
  const pid_t child = spawn(arguments, nowhere, nowhere);
  close(nowhere);
  return child;
}

FolderContents BatchWorkplace::contents_of(const std::string& folder) {
  FolderContents contents;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    const std::string name = entry.path().lexically_relative(folder).string();
    if (!entry.is_regular_file() || name.ends_with(".jsonl")) continue;
    std::ifstream stream(entry.path(), std::ios::binary);
    contents[name] = std::string(std::istreambuf_iterator<char>(stream), {});
  }
  return contents;
}

std::map<std::string, std::string> BatchWorkplace::statuses(const nlohmann::json& report) {
  std::map<std::string, std::string> found;
  for (const nlohmann::json& file : report.at("reports"))
    found[fs::path(file.at("source").get<std::string>()).filename()] = file.at("status");
  return found;
}

void BatchWorkplace::write_photos(int count, int width_px, int height_px) const {
  RawFrame frame = formula_raw(width_px, height_px);
  for (int k = 0; k < count; ++k) {
    frame.mosaic.front() = static_cast<std::uint16_t>(300 + k);  // each photo is another
    write_dng(path("in/photo-" + std::to_string(k) + ".dng"), frame);
  }
}

}  // namespace rdenoise::test

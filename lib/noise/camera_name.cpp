// SPDX-License-Identifier: LGPL-2.1-or-later
#include "noise/camera_name.hpp"

#include <array>
#include <cctype>
#include <utility>
#include <vector>

namespace rdenoise {
namespace {

/// Runs of letters and digits, in lower case. A plus sign is part of a name ("EOS 80D+" would be another camera).
std::vector<std::string> words_of(std::string_view name) {
  std::vector<std::string> words;
  bool inside = false;
  for (const char c : name) {
    const auto byte = static_cast<unsigned char>(c);
    const bool belongs = std::isalnum(byte) != 0 || c == '+' || byte >= 0x80;
    if (belongs && !inside) words.emplace_back();
    if (belongs) words.back() += static_cast<char>(std::tolower(byte));
    inside = belongs;
  }
  return words;
}

/// The same camera sold in Japan (Kiss) and America (Rebel), after words_of and joined.
constexpr std::array<std::pair<std::string_view, std::string_view>, 28> canon_names{{
    {"eoskissn", "eos350d"},    {"eosrebelxt", "eos350d"},  {"eoskissx", "eos400d"},    {"eosrebelxti", "eos400d"},
    {"eoskissx2", "eos450d"},   {"eosrebelxsi", "eos450d"}, {"eoskissx3", "eos500d"},   {"eosrebelt1i", "eos500d"},
    {"eoskissx4", "eos550d"},   {"eosrebelt2i", "eos550d"}, {"eoskissx5", "eos600d"},   {"eosrebelt3i", "eos600d"},
    {"eoskissx6i", "eos650d"},  {"eosrebelt4i", "eos650d"}, {"eoskissx7i", "eos700d"},  {"eosrebelt5i", "eos700d"},
    {"eoskissx8i", "eos750d"},  {"eosrebelt6i", "eos750d"}, {"eos8000d", "eos760d"},    {"eosrebelt6s", "eos760d"},
    {"eoskissx7", "eos100d"},   {"eosrebelsl1", "eos100d"}, {"eoskissf", "eos1000d"},   {"eosrebelxs", "eos1000d"},
    {"eoskissx50", "eos1100d"}, {"eosrebelt3", "eos1100d"}, {"eoskissx70", "eos1200d"}, {"eosrebelt5", "eos1200d"},
}};

}  // namespace

std::string plain_maker(std::string_view make) {
  const auto words = words_of(make);
  return words.empty() ? std::string() : words.front();
}

bool names_maker(std::string_view model, const std::string& maker) {
  const auto words = words_of(model);
  return !words.empty() && words.front() == maker;
}

std::string plain_model(std::string_view model, const std::string& maker) {
  const auto words = words_of(model);
  std::string joined;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i == 0 && words.size() > 1 && words[i] == maker) continue;
    if (maker == "canon" && words[i] == "digital") continue;
    joined += words[i];
  }
  if (maker == "canon") {
    for (const auto& [regional, european] : canon_names) {
      if (joined == regional) return std::string(european);
    }
  }
  return joined;
}

}  // namespace rdenoise

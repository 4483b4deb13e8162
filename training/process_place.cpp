// SPDX-License-Identifier: LGPL-2.1-or-later
#include "process_place.hpp"

#include <charconv>
#include <cstdlib>
#include <cstring>
#include <rdenoise/error.hpp>

namespace rdenoise::training {
namespace {

int number_from_environment(const char* name, int least, int most) {
  const char* text = std::getenv(name);
  int value = 0;
  const char* end = text == nullptr ? nullptr : text + std::strlen(text);
  if (text == nullptr || std::from_chars(text, end, value).ptr != end || text == end || value < least || value > most)
    throw Error(ErrorCode::invalid_argument, std::string("joining the other processes: expected ") + name +
                                                 " in the environment as a number from " + std::to_string(least) +
                                                 " to " + std::to_string(most) + ", found " +
                                                 (text == nullptr ? "none" : '"' + std::string(text) + '"'));
  return value;
}

}  // namespace

ProcessPlace place_from_environment() {
  ProcessPlace place;
  if (std::getenv("WORLD_SIZE") == nullptr) return place;
  place.world_size = number_from_environment("WORLD_SIZE", 1, 65536);
  place.rank = number_from_environment("RANK", 0, place.world_size - 1);
  place.local_rank =
      std::getenv("LOCAL_RANK") == nullptr ? 0 : number_from_environment("LOCAL_RANK", 0, place.world_size - 1);
  if (place.world_size == 1) return place;
  place.master_port = static_cast<std::uint16_t>(number_from_environment("MASTER_PORT", 1, 65535));
  const char* address = std::getenv("MASTER_ADDR");
  if (address == nullptr || *address == '\0')
    throw Error(ErrorCode::invalid_argument,
                "joining the other processes: expected MASTER_ADDR in the environment, found none");
  place.master_address = address;
  return place;
}

}  // namespace rdenoise::training

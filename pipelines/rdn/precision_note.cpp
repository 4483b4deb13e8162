// SPDX-License-Identifier: LGPL-2.1-or-later
#include "precision_note.hpp"

#include <cstdio>

namespace rdn {

void note_precision(const std::string& wished, rdenoise::Precision in_use) {
  if (wished == to_string(rdenoise::Precision::automatic) || wished == to_string(in_use)) return;
  std::fprintf(stderr, "rdn: note: expected precision %s, found that %s has none of it: %s is used\n", wished.c_str(),
               rdenoise::cpu_isa().c_str(), to_string(in_use).data());
}

}  // namespace rdn

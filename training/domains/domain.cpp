// SPDX-License-Identifier: LGPL-2.1-or-later
#include "domains/domain.hpp"

#include <rdenoise/error.hpp>
#include <string>

namespace rdenoise::training {

const Domain& find_domain(InputDomain input) {
  for (const Domain* domain : {&gray_domain, &rgb_domain, &bayer_domain, &yuv420_domain})
    if (domain->input == input) return *domain;
  throw Error(ErrorCode::unsupported,
              "making training patches: expected a known kind of input, found " + std::string(to_string(input)));
}

}  // namespace rdenoise::training

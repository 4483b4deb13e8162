// SPDX-License-Identifier: LGPL-2.1-or-later
#include "data/batch_share.hpp"

#include <rdenoise/error.hpp>
#include <string>

namespace rdenoise::training {

int BatchShare::size(int batch) const {
  if (count < 1 || index < 0 || index >= count || batch % count != 0)
    throw Error(ErrorCode::invalid_argument,
                "sharing a batch: expected one that " + std::to_string(count) +
                    " processes can share evenly, found data.batch = " + std::to_string(batch));
  return batch / count;
}

}  // namespace rdenoise::training

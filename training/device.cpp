// SPDX-License-Identifier: LGPL-2.1-or-later
#include "device.hpp"

#include <torch/torch.h>

#include <rdenoise/error.hpp>

namespace rdenoise::training {

std::string choose_device(const std::string& word, int local_rank) {
  if (word == "cpu") return "cpu";
  if (torch::cuda::is_available())
    return "cuda:" + std::to_string(local_rank % static_cast<int>(torch::cuda::device_count()));
  if (word == "cuda")
    throw Error(ErrorCode::unsupported, "choosing the device: expected a CUDA GPU and a libtorch for it, found none");
  return "cpu";
}

}  // namespace rdenoise::training

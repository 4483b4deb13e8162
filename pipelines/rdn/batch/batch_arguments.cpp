// SPDX-License-Identifier: LGPL-2.1-or-later
#include "batch/batch_arguments.hpp"

#include <fstream>
#include <iterator>

#include "batch/stable_hash.hpp"
#include "json_output.hpp"

namespace rdn {

std::string parameters_hash(const BatchArguments& arguments) {
  const DenoiserArguments& denoiser = arguments.denoiser;
  // Threads and tiles are left out: the result does not depend on them.
  Json all = {{"version", RDENOISE_VERSION},
              {"format", static_cast<int>(arguments.naming.format)},
              {"method", denoiser.method_name},
              {"model", denoiser.model},
              {"precision", denoiser.precision},
              {"strength", denoiser.strength},
              {"stabilise_variance", denoiser.stabilise_variance},
              {"picture_class", denoiser.picture_class},
              {"sigma_8bit", arguments.noise.sigma_8bit},
              {"noise_method", static_cast<int>(arguments.noise.method)},
              {"demosaic", arguments.demosaic},
              {"bit_depth", arguments.output.bit_depth},
              {"jpeg_quality", arguments.output.jpeg_quality},
              {"dng_compression", arguments.output.dng_compression}};
  if (!arguments.noise.noise_profile.empty()) {
    std::ifstream stream(arguments.noise.noise_profile, std::ios::binary);
    all["noise_profile"] = stable_hash_text(std::string(std::istreambuf_iterator<char>(stream), {}));
  }
  return stable_hash_text(all.dump(-1, ' ', false, Json::error_handler_t::replace));
}

}  // namespace rdn

// SPDX-License-Identifier: LGPL-2.1-or-later
#include "network/step_work.hpp"

namespace rdenoise::onednn {
namespace {

const char* kind_name(const Step& step) {
  switch (step.kind) {
    case StepKind::convolution:
      return "convolution";
    case StepKind::own_convolution:
      return "own convolution";
    case StepKind::move:
      return step.movement == Movement::copy ? "copy" : step.movement == Movement::shuffle ? "shuffle" : "unshuffle";
    case StepKind::split_into_sub_grids:
    case StepKind::join_sub_grids:
      return "sub-grids";
    case StepKind::relu:
      return "relu";
    case StepKind::add:
    case StepKind::subtract:
      return "sum";
    case StepKind::average_pool:
    case StepKind::max_pool:
      return "pool";
    case StepKind::upsample:
      return "upsample";
    case StepKind::scale:
      return "scale";
  }
  return "other";
}

}  // namespace

StageWork step_work(int index, const Step& step, const NetworkSpec& spec, const Activation& src,
                    const Activation& dst) {
  StageWork work{.stage = FrameStage::layer, .step = index, .kind = kind_name(step)};
  work.in_channels = src.channels;
  work.out_channels = dst.channels;
  work.bytes = static_cast<double>(src.size_bytes()) + static_cast<double>(dst.size_bytes());
  if (step.inputs.size() > 1 || step.minuend >= 0 || step.addend >= 0)
    work.bytes += static_cast<double>(dst.size_bytes());
  if (step.kind != StepKind::convolution && step.kind != StepKind::own_convolution) return work;
  const int kernel_px = spec.layers[static_cast<std::size_t>(step.layer)].kernel;
  const double weights = static_cast<double>(kernel_px) * kernel_px * src.channels * dst.channels;
  work.kernel_px = kernel_px;
  work.flop = 2.0 * weights * dst.picture_count() * dst.height * dst.width;
  work.bytes += 4.0 * weights;
  return work;
}

}  // namespace rdenoise::onednn

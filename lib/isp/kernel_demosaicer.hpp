// SPDX-License-Identifier: LGPL-2.1-or-later
// Demosaicing by fixed 5×5 kernels: bilinear, and Malvar, He, Cutler.
#pragma once

#include <vector>

#include "isp/row_demosaicer.hpp"

namespace rdenoise {

class KernelDemosaicer final : public RowDemosaicer {
 public:
  /// method  bilinear or malvar
  KernelDemosaicer(const ConstFrameView& mosaic, DemosaicMethod method, const SampleScaling& scaling);

  [[nodiscard]] std::array<std::span<float>, 3> row(int y_px) override;

 private:
  MosaicRows rows_;
  DemosaicMethod method_;
  CfaPattern cfa_;
  int width_px_;
  std::vector<float> colors_;
};

}  // namespace rdenoise

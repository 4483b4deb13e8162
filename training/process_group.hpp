// SPDX-License-Identifier: LGPL-2.1-or-later
// Several processes that train one network, as torchrun starts them.
#pragma once

#include <torch/torch.h>

#include <chrono>
#include <memory>
#include <string>

#include "process_place.hpp"

namespace rdenoise::training {

/// Sums over processes by c10d's Gloo. A peer that died is noticed at once by its closed connection, one that hangs
/// after the time-out.
class ProcessGroup {
 public:
  /// Waits until all have come.
  /// timeout  for joining and for each exchange; rank 0 validates while the others wait, so it must be longer
  /// throws   Error{io} if some do not come in time, Error{unsupported} if built without Gloo
  ProcessGroup(const ProcessPlace& place, std::chrono::milliseconds timeout);
  ~ProcessGroup();

  [[nodiscard]] const ProcessPlace& place() const noexcept { return place_; }

  /// Replaces the values by their mean over all processes. Contiguous float or double, on any device.
  /// throws  Error{io} if a peer is lost
  void average(torch::Tensor& values);
  /// Replaces the values by those of process 0.  throws  Error{io} if a peer is lost
  void copy_from_first(torch::Tensor values);
  /// throws  Error{io} if a peer is lost;  Error{invalid_argument} on a process whose values are not those of all:
  ///         "training together: expected the same WHAT in all processes, found another"
  void expect_equal(const torch::Tensor& values, const std::string& what);

 private:
  struct Impl;
  ProcessPlace place_;
  std::unique_ptr<Impl> impl_;
};

/// False if this build has no Gloo, so that every ProcessGroup throws.
[[nodiscard]] bool can_train_together() noexcept;

}  // namespace rdenoise::training

// SPDX-License-Identifier: LGPL-2.1-or-later
// The one door to c10d. Debian's libtorch has the code; its headers need libgloo-dev.
#ifndef USE_C10D_GLOO
#define USE_C10D_GLOO
#endif
#include <cstdlib>
#include <rdenoise/error.hpp>
#include <torch/csrc/distributed/c10d/ProcessGroupGloo.hpp>
#include <torch/csrc/distributed/c10d/TCPStore.hpp>

#include "process_group.hpp"

namespace rdenoise::training {
namespace {

/// The first line of what libtorch says; the rest is a stack trace.
std::string reason(const std::exception& error) {
  const std::string text = error.what();
  return text.substr(0, text.find('\n'));
}

std::string seconds_text(std::chrono::milliseconds time) {
  return std::to_string(static_cast<double>(time.count()) / 1000.0).substr(0, 5) + " s";
}

/// Gloo would look up this machine's own name, which often leads nowhere; what reaches the master is known to work.
auto network_device(const ProcessPlace& place) {
  if (const char* interface = std::getenv("GLOO_SOCKET_IFNAME"); interface != nullptr && *interface != '\0')
    return c10d::ProcessGroupGloo::createDeviceForInterface(interface);
  const std::string& master = place.master_address;
  if (master == "localhost" || master == "::1" || master.starts_with("127."))
    return c10d::ProcessGroupGloo::createDeviceForHostname(master);
  return c10d::ProcessGroupGloo::createDefaultDevice();
}

}  // namespace

struct ProcessGroup::Impl {
  c10::intrusive_ptr<c10d::Store> store;
  c10::intrusive_ptr<c10d::ProcessGroupGloo> gloo;
  std::chrono::milliseconds timeout;

  void all_reduce(torch::Tensor& values, c10d::ReduceOp::RedOpType operation, const ProcessPlace& place) {
    std::vector<torch::Tensor> tensors{values};
    c10d::AllreduceOptions options;
    options.reduceOp = operation;
    try {
      gloo->allreduce(tensors, options)->wait();
    } catch (const std::exception& error) {
      throw Error(ErrorCode::io, "exchanging gradients as process " + std::to_string(place.rank) + " of " +
                                     std::to_string(place.world_size) + ": expected an answer of all within " +
                                     seconds_text(timeout) + ", found one dead or out of reach: " + reason(error));
    }
  }
};

ProcessGroup::ProcessGroup(const ProcessPlace& place, std::chrono::milliseconds timeout)
    : place_(place), impl_(std::make_unique<Impl>()) {
  impl_->timeout = timeout;
  try {
    c10d::TCPStoreOptions store;
    store.port = place.master_port;
    store.isServer = place.rank == 0;
    store.numWorkers = static_cast<std::size_t>(place.world_size);
    store.timeout = timeout;
    impl_->store = c10::make_intrusive<c10d::TCPStore>(place.master_address, store);
    impl_->store->setTimeout(timeout);
    const auto gloo = c10d::ProcessGroupGloo::Options::create(timeout);
    gloo->devices.push_back(network_device(place));
    impl_->gloo = c10::make_intrusive<c10d::ProcessGroupGloo>(impl_->store, place.rank, place.world_size, gloo);
  } catch (const std::exception& error) {
    throw Error(ErrorCode::io, "joining the other processes as " + std::to_string(place.rank) + " of " +
                                   std::to_string(place.world_size) + ": expected all at " + place.master_address +
                                   ":" + std::to_string(place.master_port) + " within " + seconds_text(timeout) +
                                   ", found: " + reason(error));
  }
}

ProcessGroup::~ProcessGroup() = default;

void ProcessGroup::average(torch::Tensor& values) {
  torch::NoGradGuard guard;
  torch::Tensor on_host = values.to(torch::kCPU);
  impl_->all_reduce(on_host, c10d::ReduceOp::SUM, place_);
  on_host.div_(place_.world_size);
  if (!values.device().is_cpu()) values.copy_(on_host);
}

void ProcessGroup::copy_from_first(torch::Tensor values) {
  torch::NoGradGuard guard;
  torch::Tensor on_host = values.to(torch::kCPU).clone();
  if (place_.rank != 0) on_host.zero_();
  impl_->all_reduce(on_host, c10d::ReduceOp::SUM, place_);  // x + 0 is x, bit by bit
  values.copy_(on_host);
}

void ProcessGroup::expect_equal(const torch::Tensor& values, const std::string& what) {
  torch::NoGradGuard guard;
  const torch::Tensor own = values.to(torch::kCPU).contiguous();
  torch::Tensor most = own.clone();
  impl_->all_reduce(most, c10d::ReduceOp::MAX, place_);
  if (!torch::equal(own, most))
    throw Error(ErrorCode::invalid_argument, "training together: expected the same " + what +
                                                 " in all processes, found another in process " +
                                                 std::to_string(place_.rank));
}

bool can_train_together() noexcept { return true; }

}  // namespace rdenoise::training

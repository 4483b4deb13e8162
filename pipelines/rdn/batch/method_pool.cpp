// SPDX-License-Identifier: LGPL-2.1-or-later
#include "batch/method_pool.hpp"

#include <utility>

namespace rdn {

MethodPool::Lease MethodPool::take(rdenoise::ColorModel color_model) {
  const std::string name =
      arguments_.model.empty() ? std::string(rdenoise::default_model_name(color_model)) : arguments_.model;
  const std::scoped_lock lock(mutex_);
  Shelf& shelf = shelves_[name];
  if (!shelf.free.empty()) {
    // The one used last: most often its networks are ready for frames of this size.
    std::unique_ptr<PictureMethod> method = std::move(shelf.free.back());
    shelf.free.pop_back();
    return {*this, name, std::move(method)};
  }
  if (!shelf.model && arguments_.method() != Method::bm3d) shelf.model = rdenoise::load_model(name);
  return {*this, name, std::make_unique<PictureMethod>(arguments_, shelf.model)};
}

MethodPool::Lease::~Lease() {
  const std::scoped_lock lock(pool_.mutex_);
  pool_.shelves_[model_name_].free.push_back(std::move(method_));
}

}  // namespace rdn

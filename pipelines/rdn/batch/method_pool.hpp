// SPDX-License-Identifier: LGPL-2.1-or-later
// Denoisers for files in flight: each model is loaded once, each denoiser used by one file at a time.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "picture_method.hpp"

namespace rdn {

class MethodPool {
 public:
  explicit MethodPool(const DenoiserArguments& arguments) : arguments_(arguments) {}

  /// A method that is this file's until it goes out of scope.
  class Lease {
   public:
    Lease(MethodPool& pool, std::string model_name, std::unique_ptr<PictureMethod> method)
        : pool_(pool), model_name_(std::move(model_name)), method_(std::move(method)) {}
    ~Lease();
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;
    [[nodiscard]] PictureMethod& operator*() const noexcept { return *method_; }

   private:
    MethodPool& pool_;
    std::string model_name_;
    std::unique_ptr<PictureMethod> method_;
  };

  /// For the model that the user named, else the default one of the frame's colour model.
  /// throws  Error if it cannot be loaded
  [[nodiscard]] Lease take(rdenoise::ColorModel color_model);

 private:
  struct Shelf {
    std::optional<rdenoise::Model> model;  ///< nothing before its first use, and for methods without one
    std::vector<std::unique_ptr<PictureMethod>> free;
  };

  DenoiserArguments arguments_;
  std::mutex mutex_;
  std::map<std::string, Shelf> shelves_;  ///< by the model's name
};

}  // namespace rdn

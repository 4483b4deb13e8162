// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

namespace rdenoise::training {

/// The commit that this program was built from, as git describes it; the version where git was not at hand.
[[nodiscard]] const char* build_commit() noexcept;

}  // namespace rdenoise::training

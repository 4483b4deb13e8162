// SPDX-License-Identifier: LGPL-2.1-or-later
// One line for each architecture; the registry lists them.
#pragma once

#include <rdenoise/network.hpp>

namespace rdenoise {

extern const Architecture bfcnn_architecture;
extern const Architecture bfunet_architecture;
extern const Architecture cbdnet_architecture;
extern const Architecture class_aware_architecture;
extern const Architecture classifier_architecture;
extern const Architecture dncnn_architecture;
extern const Architecture drunet_architecture;
extern const Architecture fdncnn_architecture;
extern const Architecture ffdnet_architecture;
extern const Architecture ircnn_architecture;

}  // namespace rdenoise

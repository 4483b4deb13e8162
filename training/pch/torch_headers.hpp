// SPDX-License-Identifier: LGPL-2.1-or-later
// libtorch's headers take half a minute to read, so they are precompiled once.
#pragma once

#include <torch/torch.h>

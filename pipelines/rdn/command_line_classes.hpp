// SPDX-License-Identifier: LGPL-2.1-or-later
// The names of CLI11's classes. Its header takes longer to compile than most files here, so only sources include that.
#pragma once

namespace CLI {
class App;
class Option;
}  // namespace CLI

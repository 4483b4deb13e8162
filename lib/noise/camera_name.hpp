// SPDX-License-Identifier: LGPL-2.1-or-later
// Cameras have many names; these are the rules by which two of them are the same.
#pragma once

#include <string>
#include <string_view>

namespace rdenoise {

/// "NIKON CORPORATION" → "nikon": letters and digits of the first word, in lower case.
[[nodiscard]] std::string plain_maker(std::string_view make);

/// "Canon EOS 5D Mark III" of "canon" → "eos5dmarkiii": letters and digits in lower case, the maker's name and a
/// "digital" that comes before or inside of the name left out, regional names of Canon replaced by the European one.
[[nodiscard]] std::string plain_model(std::string_view model, const std::string& maker);

/// True if the model's name begins with the word `maker`.
[[nodiscard]] bool names_maker(std::string_view model, const std::string& maker);

}  // namespace rdenoise

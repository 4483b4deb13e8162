// SPDX-License-Identifier: LGPL-2.1-or-later
#include "picture_class_output.hpp"

namespace rdn {

void add_picture_class(Json& object, const std::optional<rdenoise::PictureClass>& picture_class) {
  object["picture_class"] = picture_class ? Json(picture_class->name) : Json(nullptr);
  object["picture_class_confidence"] = picture_class ? to_json(picture_class->confidence) : Json(nullptr);
}

}  // namespace rdn

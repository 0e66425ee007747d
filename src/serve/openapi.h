#pragma once

#include <nlohmann/json_fwd.hpp>

#include "serve/router.h"

namespace animate::serve {

// The OpenAPI 3.1 document of the routes below /api/: made from their rows, so that it names all of them and no others.
nlohmann::ordered_json openapi(const Router& router);

}  // namespace animate::serve

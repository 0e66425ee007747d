#pragma once

#include <nlohmann/json_fwd.hpp>

#include "serve/parts.h"
#include "serve/router.h"

namespace animate::serve {

// The interface, by what it is about. Each adds its rows, with what the OpenAPI document says of them.
void add_file_routes(Router& router, Parts& parts);
void add_job_routes(Router& router, Parts& parts);
void add_live_routes(Router& router, Parts& parts);
void add_preset_routes(Router& router, Parts& parts);
void add_about_routes(Router& router, Parts& parts);

// The body of a request as JSON. Throws Refusal(400), Refusal(415) for another Content-Type.
nlohmann::json json_of(const Request& request);

}  // namespace animate::serve

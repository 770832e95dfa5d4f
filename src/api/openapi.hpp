// The API as an OpenAPI 3.1 document, made from the routes that are served.
#pragma once
#include <string>

#include "base/json.hpp"

namespace muster::api {

/// `version`: of muster.
Json openapi_document(const std::string& version);

/// The table of endpoints in docs/api.md, of the same routes.
std::string endpoint_table();

}  // namespace muster::api

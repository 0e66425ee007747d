#include "catalog/families.h"

#include "catalog/fomm_options.h"

namespace animate {

std::vector<std::shared_ptr<FamilyOptions>> make_family_options() { return {std::make_shared<FommOptions>()}; }

}  // namespace animate

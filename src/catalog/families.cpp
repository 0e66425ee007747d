#include "catalog/families.h"

#include "catalog/fomm_options.h"
#include "catalog/liveportrait_options.h"

namespace animate {

std::vector<std::shared_ptr<FamilyOptions>> make_family_options() {
  return {std::make_shared<FommOptions>(), std::make_shared<LivePortraitOptions>()};
}

}  // namespace animate

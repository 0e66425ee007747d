#pragma once

#include <memory>

#include "engine/family_sample.h"
#include "engine/job_family.h"

// A family that exists in tests only, added by this folder and a line in family_samples.cpp. Its motion is the
// mean colour of a driving picture; the source takes over what the colour changed since the reference frame.
namespace animate::test {

// Registers the family for as long as what is returned lives.
std::unique_ptr<engine::AddedFamily> add_toy_family();

// How the contract test gets a model of it.
FamilySample toy_sample();

}  // namespace animate::test

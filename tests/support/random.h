// Random numbers for tests: those of the conformance kit.
#pragma once

#include "ot/conform/random.h"

namespace segue::test {

using conform::Random;

}  // namespace segue::test

#include "clients/web/assets.h"

#include <array>

#include "assets_symbols.inc"

namespace segue::web {

std::span<const Asset> assets() {
  static constexpr auto all = std::to_array<Asset>({
#include "assets_table.inc"
  });
  return all;
}

}  // namespace segue::web

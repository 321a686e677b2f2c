// How far a long work of the host has come, such as a file that is being loaded: kept in a vault together with what it
// wrote there, so that after a crash both are there or neither.
#pragma once
#include <string>
#include <string_view>

#include "core/record/transaction.h"

namespace cinnabar {

inline constexpr std::size_t longestPlaceName_bytes = 256;
inline constexpr std::size_t longestPlace_bytes = 4096;

// In the vault of `level`, within the transaction. Empty: forgotten. Throws limit, notFound for a level not open here.
void keepPlace(Transaction& transaction, Level level, std::string_view name, std::string_view place);

// Empty if there is none in a vault that is open here.
std::string placeOf(Store& store, std::string_view name);

}  // namespace cinnabar

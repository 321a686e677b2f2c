// Records and fields of a newer schema are kept as registers; here they come into their own, without a
// resync, once this site's schema knows them.
#pragma once

namespace cinnabar {

class Vault;

// Brings a vault to the catalogue: tables, columns, and what lay in _unknown and in _meta until now. One
// transaction; writes no change record. Costs one pass over rows only if the schema changed.
void upgrade(Vault& vault);

}  // namespace cinnabar

// The SQL tables of a vault: fixed ones, and one for each entity that it holds records of.
#pragma once
#include <string>

#include "core/vault/sqlite.h"
#include "schema/catalog.h"

namespace cinnabar {

// Columns of every entity's table before its fields. What each is for: core/vault/FORMAT.md.
inline constexpr std::string_view rowColumns = "id,_c,_origin,_born,_author,_lamport,_at,_gone,_meta,_period";
// Records of entities that this schema does not know; all of their fields lie in _meta.
inline constexpr std::string_view unknownTable = "_unknown";

inline constexpr std::size_t longestIndexedText_bytes = 500;

void createFixedTables(Database& db);
// What is known of records that left a compartment; a vault of an earlier version gets them when it is opened.
void createTablesOfLeaving(Database& db);

// A number for each entity, by which the full-text index knows it. Those that have one keep it.
void numberEntities(Database& db, const Catalog& catalog);

// An entity's table is made with its first record: a new site would pay for five vaults of all entities,
// most of which a site never uses, in 22 MB and some 700 statements.
bool tableExists(Database& db, std::string_view schema, const EntityType& entity);
void createEntityTable(Database& db, const EntityType& entity);
// Adds the columns and indexes that a newer schema declares. Rewrites no row.
void extendEntityTable(Database& db, const EntityType& entity);

// Throws newerFormat if there is a table or a column that the catalogue does not know: what is written without it
// would stand beside what lies there, not in its place.
void refuseLaterSchema(Database& db, const Catalog& catalog);

// The declared type of a column; says how SQL output is written as JSON.
std::string_view declaredType(const Field& field);

// Above this many bytes a text leaves its row for a sealed chunk, so that no row of the entity ever
// overflows its page (a damaged overflow page is read as zeros without an error; see FORMAT.md).
std::size_t longestInRow_bytes(const EntityType& entity);
bool maySpill(const Field& field);

}  // namespace cinnabar

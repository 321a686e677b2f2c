// One entity read from its struct's annotations, and held against what annotations.capnp demands.
#pragma once
#include <capnp/schema-loader.h>

#include "schema/catalog.h"

namespace cinnabar {

[[noreturn]] void failSchema(const std::string& where, const std::string& why);  // throws SchemaError

std::vector<std::string> enumerantsOf(capnp::EnumSchema schema);

// What the annotations' own types are, in the schema that was loaded.
struct AnnotationTypes {
  std::uint64_t step = 0;         // id of the struct of a $machine's steps
  std::uint64_t prohibition = 0;  // likewise of $prohibited, $barred and $needed
  std::uint64_t bar = 0;
  std::uint64_t need = 0;
  std::vector<std::string> levels;  // of $label
};

bool isEntity(capnp::StructSchema schema);
// Throws SchemaError if the annotations contradict each other.
EntityType entityOf(capnp::StructSchema schema, capnp::SchemaLoader& loader, const AnnotationTypes& types);

}  // namespace cinnabar

// A whole list, all of its pages, as a file or on standard output.
#pragma once
#include <string>

#include "verbs.h"

namespace command {

struct ListOrder {
  std::string entity, where, order;
  std::string format;  // csv or jsonl
  std::string out;     // empty: standard output
};

// CSV has the columns _id, _label, _level, _circles, _site and _updated, then every field by its schema name; JSON
// Lines the records as `get` shows them. What a list holds is that of one moment.
Outcome writeList(Session& session, cnb_site* site, const ListOrder& order);

}  // namespace command

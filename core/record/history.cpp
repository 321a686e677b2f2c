// History, conflicts and violations: what the log and the side tables tell of records.
#include <algorithm>

#include "core/base/error.h"
#include "core/base/instant.h"
#include "core/log/seal.h"
#include "core/record/history.h"
#include "core/record/json.h"
#include "core/record/origin.h"
#include "core/record/standing.h"
#include "core/record/store.h"

namespace cinnabar {
namespace {

using nlohmann::json;

Item itemAt(Vault& vault, const LogEntry& entry, const Header& header, std::size_t index) {
  const auto items = splitItems(entry.sealed.items, header.items);
  if (index >= items.size()) throw Error(Code::damaged, "the change log has fewer changes than its rows name");
  if (items[index].scrubbed) return {};
  const Opener opener(header, vault.compartmentKey(header.compartment, header.epoch));
  try {
    return opener.open(items[index].bytes, index);
  } catch (const Error&) {
    throw Error(Code::damaged, "a change in the log is damaged: restore a backup or refetch from a peer");
  }
}

json writeJson(const EntityType* entity, const Write& write, std::string& name) {
  const Field* field = write.field == periodRegister ? nullptr
                       : entity == nullptr           ? nullptr
                                                     : entity->find(write.field);
  if (write.field == deletedRegister)
    name = "_deleted";
  else if (write.field == periodRegister)
    name = "_period";
  else if (write.field == sinceRegister)
    name = "_since";
  else if (write.field == originRegister)
    name = "_moved";
  else if (write.field == movesAtOnceRegister)
    name = "_movedAtOnce";
  else
    name = field == nullptr ? "_" + std::to_string(write.field) : field->name;
  const bool element = kindOf(write.operation) == Operation::add || write.operation == Operation::append;
  if (element) {
    const auto* text = std::get_if<std::string>(&write.value);
    const char* verb = write.operation == Operation::remove ? "removed" : "added";
    return {{verb, json::array({text == nullptr ? json() : jsonOrText(*text)})}};
  }
  if (write.operation == Operation::increment)
    return {{"by", std::get_if<std::int64_t>(&write.value) ? std::get<std::int64_t>(write.value) : 0}};
  if (write.field == deletedRegister) return write.value == Value{std::int64_t{1}};
  // What these hold says nothing to a person.
  if (write.field == originRegister || write.field == movesAtOnceRegister) return true;
  if (field != nullptr) return jsonOf(*field, write.value);
  if (const auto* text = std::get_if<std::string>(&write.value)) return *text;
  if (const auto* number = std::get_if<std::int64_t>(&write.value)) return *number;
  return nullptr;
}

std::string_view nameOf(const EntityType* entity) { return entity == nullptr ? "" : std::string_view(entity->name); }

}  // namespace

json historyEntry(Store& store, const EntityType* entity, const Header& header, const Item& item) {
  json fields = json::object();
  for (const Write& write : item.writes) {
    std::string name;
    json value = writeJson(entity, write, name);
    if (fields.contains(name) && fields[name].is_object() && value.is_object()) {
      for (auto& [verb, elements] : value.items())
        for (auto& element : elements) fields[name][verb].push_back(element);
    } else {
      fields[name] = std::move(value);
    }
  }
  return {{"at", instantText(header.at)},
          {"site", store.siteName(header.author.site)},
          {"person", header.actor},
          {"fields", std::move(fields)},
          {"seq", header.sequence}};
}

// Follows the back references of the log: O(entries of this record).
json Store::history(const RecordId& id) {
  const auto found = find(id);
  if (!found) notThere(id);
  Vault& vault = *found->vault;
  audit_.accessed(Act::history, vault.compartmentOf(found->row.compartment), id, nameOf(found->rows->entity()));
  json entries = json::array();
  Log log(vault);
  for (std::uint64_t at = found->row.at; at != 0;) {
    const auto entry = log.read(static_cast<Arrival>(at >> 14));
    if (!entry) break;  // the older part of the log was dropped after the office acknowledged it
    const Header header = decodeHeader(entry->sealed.header);
    const std::size_t index = at & 0x3FFF;
    const Item item = itemAt(vault, *entry, header, index);
    entries.push_back(historyEntry(*this, found->rows->entity(), header, item));
    at = index < entry->previous.size() ? entry->previous[index] : 0;
  }
  std::reverse(entries.begin(), entries.end());
  return {{"id", id.text()}, {"entries", std::move(entries)}};
}

json Store::conflicts() {
  std::vector<OnPage> shown;
  json out = conflictsIn(shown);
  audit_.accessedPage(Act::shown, "", shown);
  return out;
}

json Store::violations() {
  std::vector<OnPage> shown;
  json out = violationsIn(shown);
  audit_.accessedPage(Act::shown, "", shown);
  return out;
}

Store::Waiting Store::waiting() {
  std::vector<OnPage> counted;
  return {conflictsIn(counted).size(), violationsIn(counted).size()};
}

json Store::conflictsIn(std::vector<OnPage>& shown) {
  json out = json::array();
  for (const Level level : levels()) {
    Vault& vault = this->vault(level);
    std::vector<std::tuple<RecordId, FieldNumber, CompartmentNumber>> open;
    {
      Query q = vault.database().query("SELECT record,field,c FROM conflict ORDER BY record,field");
      while (q.step())
        if (const auto id = RecordId::of(q->blob(0)); id && sees(vault.compartmentOf(q->integer(2))))
          open.emplace_back(*id, static_cast<FieldNumber>(q->integer(1)), q->integer(2));
    }
    for (const auto& [id, number, compartment] : open) {
      const EntityType* entity = catalog_->findTag(entityTagOf(id));
      Rows& rows = applier(level).rowsOf(entity);
      Row row;
      if (!rows.find(id, compartment, rows.allColumns(), row)) continue;
      shown.push_back({vault.compartmentOf(row.compartment), id});
      const Field* field = rows.field(number);
      const std::vector<Sibling> siblings =
          number == deletedRegister ? row.heads : rows.registerOf(row, number).siblings;
      json values = json::array();
      for (const Sibling& s : siblings) {
        const Author& author = vault.authorOf(s.dot.author);
        json value;
        if (number == deletedRegister)
          value = isNull(s.value) ? "kept" : "deleted";
        else if (field != nullptr)
          value = jsonOf(*field, s.value);
        json at, person;
        // Who and when stands in the changeset that made the dot; found through the record's own chain.
        for (std::uint64_t place = row.at; place != 0;) {
          const auto entry = log(level).read(static_cast<Arrival>(place >> 14));
          if (!entry) break;
          if (entry->author == s.dot.author && entry->lamport == s.dot.lamport) {
            const Header header = decodeHeader(entry->sealed.header);
            at = instantText(header.at);
            person = header.actor;
            break;
          }
          const std::size_t index = place & 0x3FFF;
          place = index < entry->previous.size() ? entry->previous[index] : 0;
        }
        values.push_back({{"value", value}, {"site", siteName(author.site)}, {"person", person}, {"at", at}});
      }
      const std::string name = number == deletedRegister ? "_deleted"
                               : field != nullptr        ? field->name
                                                         : std::to_string(number);
      out.push_back({{"id", id.text() + "." + name},
                     {"record", id.text()},
                     {"entity", entity == nullptr ? "" : entity->name},
                     {"field", name},
                     {"title", field == nullptr ? "" : field->title},
                     {"values", std::move(values)}});
    }
  }
  return out;
}

json Store::violationsIn(std::vector<OnPage>& shown) {
  json out = json::array();
  for (const Level level : levels()) {
    Vault& vault = this->vault(level);
    Query q = vault.database().query("SELECT id,kind,record,field,rule,detail,c FROM violation ORDER BY kind,id");
    while (q.step()) {
      if (!sees(vault.compartmentOf(q->integer(6)))) continue;
      shown.push_back({vault.compartmentOf(q->integer(6)), RecordId::of(q->blob(2)).value_or(RecordId{})});
      const auto record = RecordId::of(q->blob(2));
      const EntityType* entity = record ? catalog_->findTag(entityTagOf(*record)) : nullptr;
      json detail = json::parse(q->text(5), nullptr, false);
      if (record && !stillStands(*this, q->text(1), *record, q->text(3), detail)) continue;
      out.push_back({{"id", base32Of(q->blob(0))},
                     {"kind", q->text(1)},
                     {"record", record && !record->isZero() ? json(record->text()) : json()},
                     {"entity", entity == nullptr ? json() : json(entity->name)},
                     {"field", q->text(3)},
                     {"rule", q->text(4)},
                     {"detail", detail.is_discarded() ? json() : detail}});
    }
  }
  return out;
}

}  // namespace cinnabar

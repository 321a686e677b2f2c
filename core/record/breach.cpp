#include "core/record/breach.h"

#include <algorithm>

#include "core/base/error.h"
#include "core/base/utf8.h"
#include "core/record/json.h"

namespace cinnabar {
namespace {

using nlohmann::json;

constexpr std::size_t mostBreaches = 200;  // unknown names may be many
constexpr std::size_t mostTold = 8;        // in the words for people
constexpr std::size_t longestShown_characters = 40;

std::string shortened(std::string_view text) {
  std::size_t at = 0;
  for (std::size_t count = 0; at < text.size() && count < longestShown_characters; ++count)
    at += codePointAt(text, at).size_bytes;
  return std::string(text.substr(0, at)) + (at < text.size() ? "…" : "");
}

json shortened(const json& value) {
  if (value.is_string()) return shortened(std::string_view(value.get_ref<const std::string&>()));
  if (!value.is_structured()) return value;
  const std::string text = value.dump(-1, ' ', false, json::error_handler_t::replace);
  return shortened(std::string_view(text));
}

std::string placeOf(const EntityType& entity, const Breach& breach) {
  return entity.name + "." + breach.field + (breach.title.empty() ? "" : " (" + breach.title + ")");
}

}  // namespace

void Breaches::keep(Breach breach) {
  if (all_.size() < mostBreaches) all_.push_back(std::move(breach));
}

void Breaches::add(const Field& field, std::string_view rule, std::string message, const Value& value) {
  keep({field.name, field.title, std::string(rule), field.article.empty() ? entity_->article : field.article,
        std::move(message), shortened(jsonOf(field, value))});
}

void Breaches::addUnreadable(const Field& field, std::string message, const json& given) {
  unreadable_ = true;
  keep({field.name, field.title, "type", field.article.empty() ? entity_->article : field.article, std::move(message),
        shortened(given)});
}

void Breaches::addUnknown(std::string_view name) {
  unreadable_ = true;
  keep({shortened(name), "", "unknownField", entity_->article,
        "there is no such field: see `schema show " + entity_->name + "`", nullptr});
}

bool Breaches::names(const Field& field) const {
  return std::any_of(all_.begin(), all_.end(), [&](const Breach& b) { return b.field == field.name; });
}

json Breaches::list() const {
  json out = json::array();
  for (const Breach& b : all_)
    out.push_back({{"entity", entity_->name},
                   {"field", b.field},
                   {"value", b.value},
                   {"rule", b.rule},
                   {"article", b.article},
                   {"message", b.message}});
  return out;
}

void Breaches::throwIfAny() const {
  if (all_.empty()) return;
  std::string what;
  for (std::size_t i = 0; i < std::min(all_.size(), mostTold); ++i)
    what += (i == 0 ? "" : "; ") + placeOf(*entity_, all_[i]) + ": " + all_[i].message;
  if (all_.size() > mostTold) what += "; and " + std::to_string(all_.size() - mostTold) + " more";
  const Breach& first = all_.front();
  const json detail = {{"entity", entity_->name},
                       {"field", first.field},
                       {"rule", first.rule},
                       {"article", first.article},
                       {"errors", list()}};
  throw Error(unreadable_ ? Code::invalidInput : Code::refused, what,
              detail.dump(-1, ' ', false, json::error_handler_t::replace));
}

}  // namespace cinnabar

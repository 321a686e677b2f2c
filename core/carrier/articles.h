// What the regulation on classified carriers (涉密载体保密管理暂行规定) demands of an act, as pure checks. Each throws
// Error{refused} whose detail names the rule and its article.
#pragma once
#include <set>
#include <string>

#include "core/base/ids.h"
#include "core/label/label.h"

namespace cinnabar::carrier {

[[noreturn]] void refuse(std::string_view rule, std::string_view article, const std::string& why);

// 二: level, period, scope and number are stated. `scope` may be empty below confidential.
void mustStateScope(Level level, std::string_view scope);

struct Sending {
  Level level = Level::open;
  std::string channel;  // confidentialPost, dedicatedCourier, inPerson, approvedNetwork; anything else is ordinary post
  std::string medium;
  bool outsideArea = false;
  bool sealed = false;
  bool courierNamed = false;
};
void mustTravelSo(const Sending& sending);  // 九, 十, 十一, 十二

// 十三: who reads is cleared for the level.
void mustBeInScope(Level level, Level clearance);

struct CarryingOut {
  Level level = Level::open;
  std::string medium;
  bool abroad = false;
  bool foreignRelated = false;
  bool approved = false;
  bool filed = false;  // with the secrecy office
};
void mayGoOut(const CarryingOut& carrying);  // 十八, 十九
bool isStorageMedium(std::string_view medium);

// 二十五, 二十六: neither witness alone, neither the lister.
void mustBeTwoOthers(const RecordId& lister, const RecordId& first, const RecordId& second);
void mustDestroySo(std::string_view medium, std::string_view method);

// Two persons where an article asks for an approval.
void mustBeAnother(const RecordId& who, const RecordId& approver, std::string_view rule, std::string_view article);

}  // namespace cinnabar::carrier

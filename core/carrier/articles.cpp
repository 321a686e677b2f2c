#include "core/carrier/articles.h"

#include <nlohmann/json.hpp>

#include "core/base/error.h"

namespace cinnabar::carrier {

void refuse(std::string_view rule, std::string_view article, const std::string& why) {
  throw Error(Code::refused, std::string(rule) + " (" + std::string(article) + "): " + why,
              nlohmann::json({{"rule", rule}, {"article", article}}).dump());
}

void mustStateScope(Level level, std::string_view scope) {
  if (level >= Level::confidential && scope.empty())
    refuse("car-number", "二、三 L2097–2099", "a classified carrier states the scope that it is given out to");
}

// approvedNetwork is taken for what travels as a bundle: 十二 leaves networks to the rules on them, and a thing of
// paper or a stick cannot go that way.
void mustTravelSo(const Sending& s) {
  if (s.level < Level::confidential) return;
  const bool post = s.channel == "confidentialPost", courier = s.channel == "dedicatedCourier",
             person = s.channel == "inPerson", network = s.channel == "approvedNetwork";
  if (!post && !courier && !person && !network)
    refuse("car-channel", "十 L2113",
           "it goes by confidential post or a dedicated person, never by ordinary post or a bystander");
  if (network && s.medium != "bundle")
    refuse("car-network", "十二 L2121–2123", "only a sealed bundle goes over an approved network");
  if (courier && !s.courierNamed) refuse("car-channel", "十 L2113", "a dedicated courier is a named person");
  if (s.level == Level::topSecret && s.outsideArea && !post)
    refuse("car-top-secret-transport", "十一 L2115–2119", "topSecret leaves the area by confidential post only");
  if (s.level == Level::topSecret && !s.outsideArea && !courier)
    refuse("car-top-secret-transport", "十一 L2115–2119",
           "within the area topSecret is taken by a dedicated courier, directly");
  if (s.level >= Level::secret && !s.sealed)
    refuse("car-seal-envelope", "九 L2109", "from secret upwards it is packed and sealed");
}

void mustBeInScope(Level level, Level clearance) {
  if (clearance < level) refuse("car-scope", "十三 L2125", "the person is not cleared for this level");
}

bool isStorageMedium(std::string_view medium) {
  return medium == "disk" || medium == "optical" || medium == "usb" || medium == "removableDisk" || medium == "tape" ||
         medium == "bundle";
}

void mayGoOut(const CarryingOut& c) {
  if (c.level == Level::topSecret && c.abroad)
    refuse("car-carry-out", "十九 L2161", "topSecret is never carried abroad");
  if (c.level == Level::topSecret && c.foreignRelated)
    refuse("car-carry-out", "十八(三) L2157", "topSecret is never taken to what foreigners take part in");
  if (c.level == Level::topSecret && !c.approved)
    refuse("car-carry-out", "十八(二) L2155", "topSecret goes out with the leader's approval");
  if (c.level >= Level::confidential && (c.abroad || c.foreignRelated) && !c.approved)
    refuse("car-carry-out", c.abroad ? "十九 L2161" : "十八(三) L2157",
           "abroad and to what foreigners take part in it goes with approval");
  if (c.level >= Level::confidential && isStorageMedium(c.medium) && !(c.approved && c.filed))
    refuse("car-carry-out", "十八(四) L2159",
           "a storage medium goes out only if the secrecy office has it on file and the leader has signed");
}

void mustBeTwoOthers(const RecordId& lister, const RecordId& first, const RecordId& second) {
  if (first == second || lister == first || lister == second)
    refuse("car-destroy", "二十五、二十六 L2179–2185",
           "two persons watch the destruction; neither is the other or who made the list");
}

void mustDestroySo(std::string_view medium, std::string_view method) {
  if (isStorageMedium(medium) && method != "bureau")
    refuse("car-destroy", "二十六 L2185", "storage media are handed to the secrecy bureau, which destroys them");
  if (medium == "paper" && method == "degauss")
    refuse("car-destroy", "二十六 L2183", "paper is burnt, shredded or pulped");
}

void mustBeAnother(const RecordId& who, const RecordId& approver, std::string_view rule, std::string_view article) {
  if (who == approver) refuse(rule, article, "who asks does not approve");
}

}  // namespace cinnabar::carrier

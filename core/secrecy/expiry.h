// Secrets whose period is over, 《定密解密工作暂行规定》十七(三): the last day is still secret.
#pragma once
#include <string>
#include <vector>

#include "core/secrecy/act.h"

namespace cinnabar {

struct Expiring {
  RecordId id;
  std::string entity;
  Label label;
  std::string lastDay;         // ISO date
  std::vector<LabelAct> acts;  // on it
};

// What this store sees of records whose last day is before `date`. Where an act set the label, its own signed words
// count, not what stands in the record. Cost: every classified record is read.
std::vector<Expiring> expiredBefore(Store& store, const std::string& date);

}  // namespace cinnabar

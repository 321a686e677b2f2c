# The canteen.
@0xe162c6502f18f023;

using A = import "annotations.capnp";

struct MealCard $A.entity("饭卡")
    $A.regulation("《职工食堂管理办法》") $A.article("L3621–3640")
    $A.kind("master") $A.label(internal)
    $A.series("card")
    $A.machine([
      (from = "active", to = "suspended"),
      (from = "suspended", to = "active"),
      (from = "active", to = "closed"),
      (from = "suspended", to = "closed")
    ]) {
  holder @0 :Text $A.title("持卡人") $A.required;
  person @1 :Data $A.title("人员") $A.ref("Person");
  staff @2 :A.Flag $A.title("本单位") $A.required;
  approvedBy @3 :Data $A.title("批准人") $A.ref("Person");
  balanceFen @4 :Int64 = A.absent $A.title("余额") $A.money $A.merge(counter);
  state @5 :State $A.title("状态") $A.merge(state);

  enum State { unset @0; active @1; suspended @2; closed @3; }
}

# An entity that a host application brings along.
@0xd3f3b0a6c2a98e17;

using A = import "/schema/annotations.capnp";

struct Yak @0xa6f7f1d9d2c3b4a5 $A.entity("牦牛")
    $A.regulation("") $A.article("")
    $A.kind("register") $A.label(internal) {
  name @0 :Text $A.title("名字") $A.required;
  weight @1 :Int64 = A.absent $A.title("重量");
}

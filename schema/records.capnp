# What every record may have.
@0x9d3f7c21aa8e5b04;

using A = import "annotations.capnp";

struct Attachment $A.entity("附件")
    $A.regulation("《综合》") $A.article("")
    $A.kind("register") $A.label(internal)
    $A.labelRule("at least the label of the record that it belongs to") {
  record @0 :Data $A.title("所属记录") $A.ref("any") $A.required $A.indexed;
  name @1 :Text $A.title("文件名") $A.required $A.search;
  mediaType @2 :Text $A.title("类型");
  sizeBytes @3 :Int64 = A.absent $A.title("大小") $A.required;
  content @4 :Data $A.title("内容") $A.blob $A.required;
  hash @5 :Text $A.title("校验");
}

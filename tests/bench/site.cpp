#include "tests/bench/site.h"

#include "core/base/error.h"

namespace cinnabar::bench {
namespace {

const std::string entity = "IncomingDocument";

int keyOf(void*, const std::uint8_t*, std::uint8_t* key) {
  for (int i = 0; i < 32; ++i) key[i] = static_cast<std::uint8_t>(i * 7 + 1);
  return 0;
}

cnb_options options() {
  static const std::string person = "clerk";
  cnb_options o{};
  o.size = sizeof o;
  o.person = textOf(person);
  o.key_provider = keyOf;
  return o;
}

// A result that goes with the scope.
struct Result {
  cnb_buffer buffer{};
  Result() = default;
  Result(const Result&) = delete;
  Result& operator=(const Result&) = delete;
  ~Result() { cnb_buffer_free(&buffer); }
  std::string text() const { return {buffer.data, buffer.length}; }
  nlohmann::json json() const { return nlohmann::json::parse(text()); }
};

std::size_t rowsIn(const Result& result) { return result.json().at("rows").size(); }

}  // namespace

cnb_text textOf(const std::string& text) { return {text.data(), text.size()}; }

void expect(cnb_status status) {
  if (status != CNB_OK) throw std::runtime_error(cnb_error_last()->message);
}

Site::Site(std::string folder) {
  const cnb_options o = options();
  expect(cnb_open(textOf(folder), &o, &site_));
}

Site::~Site() { cnb_close(site_); }

void Site::foundOffice(const std::string& folder) {
  const cnb_options o = options();
  Result out;
  expect(cnb_office_create(textOf(folder), &o, textOf("hq"), {}, nullptr, &out.buffer));
}

void Site::join(const std::string& office, const std::string& folder, const std::string& name) {
  const cnb_options o = options();
  Result request, grant, out;
  expect(cnb_join_request(textOf(folder), &o, textOf(name), {}, &request.buffer));
  {
    Site hq(office);
    expect(cnb_join_approve(hq.site_, {request.buffer.data, request.buffer.length}, textOf("internal"), {}, {},
                            &grant.buffer));
  }
  expect(cnb_join_accept(textOf(folder), &o, {grant.buffer.data, grant.buffer.length}, &out.buffer));
}

void Site::transaction(const std::function<void(cnb_transaction*)>& work) {
  cnb_transaction* t = nullptr;
  expect(cnb_begin(site_, &t));
  work(t);
  expect(cnb_commit(t));
}

RecordId Site::put(cnb_transaction* t, const Bytes& message, const std::string& label) {
  RecordId id;
  expect(cnb_put_message(t, textOf(entity), message.data(), message.size(), textOf(label), {}, id.bytes.data()));
  return id;
}

void Site::put(cnb_transaction* t, const std::string& json) {
  Result out;
  expect(cnb_put(t, textOf(entity), textOf(json), {}, {}, &out.buffer));
}

std::string Site::putAny(cnb_transaction* t, const std::string& name, const nlohmann::json& fields,
                         const std::string& label) {
  Result out;
  const cnb_status status = cnb_put(t, textOf(name), textOf(fields.dump()), textOf(label), {}, &out.buffer);
  if (status == CNB_REFUSED || status == CNB_INVALID_INPUT) throw Refused(name + ": " + cnb_error_last()->message);
  expect(status);
  return out.json().at("id");
}

void Site::set(cnb_transaction* t, const std::string& id, const std::string& fields) {
  expect(cnb_set(t, textOf(id), textOf(fields), nullptr));
}

std::size_t Site::readMessage(const RecordId& id) {
  Result out;
  expect(cnb_get_message(site_, id.bytes.data(), &out.buffer));
  return out.buffer.length;
}

std::size_t Site::readJson(const std::string& id) {
  Result out;
  expect(cnb_get(site_, textOf(id), &out.buffer));
  return out.buffer.length;
}

std::size_t Site::page() { return pageOf(entity, "state='received'", "-receivedAt"); }

std::size_t Site::pageOf(const std::string& name, const std::string& where, const std::string& order) {
  cnb_page wanted{};
  wanted.size = sizeof wanted;
  wanted.where = textOf(where);
  wanted.order = textOf(order);
  wanted.limit = 50;
  Result out;
  expect(cnb_list(site_, textOf(name), &wanted, &out.buffer));
  return out.buffer.length;
}

std::size_t Site::find(const std::string& words, const std::string& name) {
  Result out;
  expect(cnb_find(site_, textOf(words), textOf(name), 50, {}, &out.buffer));
  return rowsIn(out);
}

nlohmann::json Site::schema() {
  Result out;
  const cnb_options o = options();
  expect(cnb_schema(&o, &out.buffer));
  return out.json();
}

References Site::makeReferences() {
  References made;
  transaction([&](cnb_transaction* t) {
    const auto one = [&](const std::string& name, const nlohmann::json& fields) {
      return *RecordId::parse(putAny(t, name, fields, "public"));
    };
    for (int i = 0; i < 20; ++i) {
      const std::string n = std::to_string(i);
      made.units.push_back(one("OrgUnit", {{"code", "U" + n}, {"name", "第" + n + "单位"}, {"level", "department"}}));
      made.persons.push_back(
          one("Person", {{"employeeNo", "P" + n}, {"name", "某甲" + n}, {"orgUnit", made.units.back().text()}}));
    }
  });
  return made;
}

nlohmann::json Site::exportTo(const std::string& to, const std::string& folder) {
  Result out;
  expect(cnb_export(site_, textOf(to), textOf(folder), nullptr, &out.buffer));
  return out.json();
}

nlohmann::json Site::import(const std::string& path) {
  Result out;
  expect(cnb_import(site_, textOf(path), 0, &out.buffer));
  return out.json();
}

}  // namespace cinnabar::bench

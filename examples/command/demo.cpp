#include "demo.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <map>

#include "demo_prefecture.h"
#include "session.h"
#include "table.h"

namespace command {
namespace {

std::string chineseOf(const std::string& level) {
  static const std::map<std::string, std::string> words = {
      {"public", "公开"}, {"internal", "内部"}, {"confidential", "秘密"}, {"secret", "机密"}, {"topSecret", "绝密"}};
  return words.at(level);
}

namespace fs = std::filesystem;

constexpr std::size_t columnWidth = 26;

class Demo {
 public:
  Demo(const std::string& folder, std::string regulations)
      : p_(folder, {{"hq", "行署办公室", "topSecret"},
                    {"yunling", "云岭县", "secret"},
                    {"hetan", "河滩县", "confidential"},
                    {"team", "外勤组", "internal"}}),
        regulations_(std::move(regulations)) {}

  int run() {
    chapter("一", "一个办公室、两个县、一个外勤组");
    for (const DemoSite& s : p_.sites())
      std::cout << "  " << padded(s.title, 14) << padded(s.code, 10) << "可到密级 " << chineseOf(s.clearance) << "\n";
    prepare();
    dayOffline();
    exchange();
    settleConflict();
    sideBySide();
    compare();
    scan();
    std::cout << (failed_ == 0 ? "\n全部核对无误。\n" : "\n有核对未通过,见上。\n");
    return failed_ == 0 ? 0 : 1;
  }

 private:
  void chapter(const char* number, const std::string& title) {
    std::cout << "\n" << number << "、" << title << "\n" << std::string(64, '-') << "\n" << std::flush;
  }
  void claim(const std::string& what, bool holds) {
    std::cout << (holds ? "  ✓ " : "  ✗ ") << what << "\n";
    if (!holds) ++failed_;
  }

  void prepare() {
    chapter("二", "制度入库,机构和人员建档,下发各站点");
    if (!regulations_.empty()) {
      const std::string all = readFile(regulations_);
      const json loaded = call(cnb_load_regulations, p_["hq"], text(all));
      const json lines = call(cnb_sql, p_["hq"], text(articlesSql_));
      for (const json& row : lines.at("rows")) p_.remember(row);
      std::cout << "  规章 " << loaded.at("regulations") << " 件,条款 " << loaded.at("articles") << " 条\n";
    }
    unit_ = p_.put("hq", "OrgUnit", {{"code", "hq"}, {"name", "云岭地区行署办公室"}, {"level", "prefecture"}});
    county_ = p_.put("hq", "OrgUnit",
                     {{"code", "yl"}, {"name", "云岭县人民政府办公室"}, {"level", "county"}, {"parent", unit_}});
    // Public, because a public document may refer only to what is public.
    person_ = p_.put("hq", "Person", {{"employeeNo", "0001"}, {"name", "程远之"}, {"orgUnit", unit_}}, "public");
    meeting_ = p_.put("hq", "Meeting",
                      {{"kindOfMeeting", "weekly"},
                       {"title", "第四十七周工作例会"},
                       {"startsAt", "2026-11-27T16:00:00+08:00"},
                       {"chair", person_}});
    card_ = p_.put("hq", "MealCard", {{"holder", "程远之"}, {"staff", true}, {"balanceFen", 10000}});
    case_ = p_.put("hq", "SupervisionCase",
                   {{"title", "河滩大桥冬季养护督办"},
                    {"origin", "meetingResolution"},
                    {"method", "onSite"},
                    {"feedbackRequired", true},
                    {"urgency", "normal"},
                    {"openedAt", "2026-11-23T09:00:00+08:00"},
                    {"leadUnit", county_},
                    {"dueAt", "2026-12-10T18:00:00+08:00"}});
    // One record of each level, with a mark as the regulation writes it.
    for (const auto& [title, label] :
         {std::pair("公开栏目更新通知全文", "公开"), std::pair("内部值班安排调整说明", "内部"),
          std::pair("应急物资储备情况报告", "秘密★五年"), std::pair("重点工程保密协调事项", "机密★十年"),
          std::pair("专项工作方案及其附件", "绝密★二十年")})
      documents_.push_back({label, p_.put("hq", "IncomingDocument",
                                          {{"title", title},
                                           {"sender", county_},
                                           {"kindOfDocument", "report"},
                                           {"channel", "confidentialPost"},
                                           {"copies", 1},
                                           {"receivedAt", "2026-11-23T10:00:00+08:00"},
                                           {"receivedBy", person_}},
                                          label)});
    std::cout << "  首次投递:" << p_.settle() << " 个交换包\n";
  }

  void dayOffline() {
    chapter("三", "断网的一天:各站点各自办事");
    p_.set("yunling", meeting_, {{"title", "第四十七周例会(扩大到乡镇)"}});
    p_.set("hetan", meeting_, {{"title", "第四十七周例会(改为视频)"}});
    std::cout << "  云岭县、河滩县同时修改了会议标题\n";
    p_.set("yunling", card_, {{"balanceFen", 8800}});
    p_.set("hetan", card_, {{"balanceFen", 15000}});
    std::cout << "  云岭县扣饭卡 12.00 元,河滩县充值 50.00 元\n";
    p_.set("hetan", case_, {{"urgency", "extraUrgent"}, {"progress", "桥面除冰设备已到位"}});
    p_.set("yunling", case_, {{"urgency", "urgent"}, {"progress", "养护经费已经下拨到县"}});
    std::cout << "  两县都提高了督办的缓急,并各写了一条进展\n";
    const std::string inspection = p_.put("team", "FieldInspection",
                                          {{"title", "河滩大桥现场督查"},
                                           {"teamLead", person_},
                                           {"from", "2026-11-24"},
                                           {"to", "2026-11-25"},
                                           {"supervision", case_}});
    const std::string item = p_.put("team", "InspectionItem",
                                    {{"inspection", inspection},
                                     {"question", "除冰设备是否可以立即启用"},
                                     {"target", county_},
                                     {"result", "partly"}});
    finding_ = p_.put("team", "InspectionFinding",
                      {{"inspection", inspection},
                       {"item", item},
                       {"unit", county_},
                       {"text", "二号桥墩照明灯损坏两盏"},
                       {"severity", "minor"},
                       {"foundAt", "2026-11-24T11:20:00+08:00"}});
    const std::string photo = p_.folder() + "/桥墩照片.bin", name = "桥墩照片.bin";
    std::string content;
    for (int i = 0; i < 4000; ++i) content += "二号桥墩照明灯实拍影像数据";
    writeFile(photo, content);
    p_.remember("二号桥墩照明灯实拍影像数据");
    photo_ = call(cnb_attach, p_["team"], text(finding_), text(photo), text(name)).at("id");
    photoBytes_ = content;
    fs::remove(photo);
    std::cout << "  外勤组在现场登记了督查、清单、问题,并附照片 " << content.size() / 1024 << " KiB\n";
  }

  void exchange() {
    chapter("四", "机要员送来U盘:合并");
    std::cout << "  交换包 " << p_.settle() << " 个\n";
    const json card = p_.fields("hq", card_), supervision = p_.fields("hq", case_);
    claim("饭卡余额 100.00 - 12.00 + 50.00 = 138.00 元,一笔不少", card.at("balanceFen") == 13800);
    claim("督办缓急取高:特急;两条进展都在",
          supervision.at("urgency") == "extraUrgent" &&
              supervision.at("progress").get<std::string>().find("除冰") != std::string::npos &&
              supervision.at("progress").get<std::string>().find("经费") != std::string::npos);
    std::string got;
    check(cnb_detach(
        p_["hq"], text(photo_),
        [](void* to, const char* data, std::size_t length) {
          static_cast<std::string*>(to)->append(data, length);
          return 0;
        },
        &got));
    claim("外勤照片逐字节完整到达办公室", got == photoBytes_);
    const std::string words = "照明";
    claim("两个字的词「照明」在办公室能搜到",
          call(cnb_find, p_["hq"], text(words), cnb_text{}, std::int64_t{10}, cnb_text{}).at("rows").size() == 1);
  }

  void settleConflict() {
    chapter("五", "冲突由人决定,一次即可");
    const json conflicts = call(cnb_conflicts, p_["hq"]).at("conflicts");
    claim("会议标题有一处冲突,两个说法都保留着", conflicts.size() == 1 && conflicts[0].at("values").size() == 2);
    if (conflicts.size() != 1) return;
    for (const json& value : conflicts[0].at("values"))
      std::cout << "    " << padded(plain(value.at("site")), 10) << plain(value.at("value")) << "\n";
    const std::string id = conflicts[0].at("id"), chosen = json("第四十七周例会(视频,扩大到乡镇)").dump();
    call(cnb_resolve, p_["hq"], text(id), std::int64_t{-1}, text(chosen));
    p_.settle();
    bool everywhere = true;
    for (const DemoSite& s : p_.sites())
      everywhere = everywhere && call(cnb_conflicts, p_[s.code]).at("conflicts").empty();
    claim("办公室定为「第四十七周例会(视频,扩大到乡镇)」,各站点再无冲突", everywhere);
  }

  void sideBySide() {
    chapter("六", "同一批文件,各站点所见");
    std::string head = "  " + padded("密级", 14);
    for (const DemoSite& s : p_.sites()) head += padded(s.title, columnWidth);
    std::cout << head << "\n";
    const std::vector<int> expected = {5, 4, 3, 2};
    std::vector<int> seen(p_.sites().size());
    for (const auto& [label, id] : documents_) {
      std::string line = "  " + padded(label, 14);
      for (std::size_t i = 0; i < p_.sites().size(); ++i) {
        const json fields = p_.fields(p_.sites()[i].code, id);
        line += padded(fields.is_null() ? "-" : fields.at("title").get<std::string>(), columnWidth);
        seen[i] += fields.is_null() ? 0 : 1;
      }
      std::cout << line << "\n";
    }
    claim("每个站点恰好看到其密级以内的文件", seen == expected);
  }

  void compare() {
    chapter("七", "摘要相等,逐项核验");
    const json office = call(cnb_digest, p_["hq"], cnb_text{}).at("compartments");
    for (const DemoSite& s : p_.sites()) {
      const json own = call(cnb_digest, p_[s.code], cnb_text{}).at("compartments");
      std::string line = "  " + padded(s.title, 14);
      bool equal = true;
      for (const json& c : own) {
        const auto same = std::find_if(office.begin(), office.end(), [&](const json& o) {
          return o.at("level") == c.at("level") && o.at("digest") == c.at("digest");
        });
        equal = equal && same != office.end();
        line += chineseOf(c.at("level")) + " " + c.at("digest").get<std::string>().substr(0, 6) + "  ";
      }
      std::cout << line << "\n";
      claim(s.title + ":与办公室相等;页、日志链、签名、记录、附件核验无误",
            equal && call(cnb_verify, p_[s.code]).at("ok").get<bool>());
    }
  }

  void scan() {
    chapter("八", "翻遍每块盘上的每个字节");
    p_.close();
    std::uint64_t scanned = 0, ignored = 0;
    const std::vector<std::string> found = placesOf(p_.written(), p_.folder(), scanned);
    const std::string planted = p_.folder() + "/planted";
    writeFile(planted, "xx" + p_.written().back() + "yy");
    claim("扫描器能发现故意放下的一处明文",
          placesOf(p_.written(), p_.folder(), ignored) == std::vector<std::string>{planted});
    fs::remove(planted);
    claim(std::to_string(p_.written().size()) + " 段文字(UTF-8、UTF-16、GB18030)," + std::to_string(scanned >> 20) +
              " MiB:没有一处明文",
          found.empty());
    for (const std::string& place : found) std::cout << "    " << place << "\n";
  }

  DemoPrefecture p_;
  std::string regulations_;
  const std::string articlesSql_ = "SELECT text FROM Article";
  std::string unit_, county_, person_, meeting_, card_, case_, finding_, photo_, photoBytes_;
  std::vector<std::pair<std::string, std::string>> documents_;
  int failed_ = 0;
};

}  // namespace

int runDemo(const std::string& folder, const std::string& regulations) {
  std::string where = folder;
  if (where.empty()) {
    where = (fs::temp_directory_path() / "cinnabar-demo-XXXXXX").string();
    if (mkdtemp(where.data()) == nullptr) throw Failure(1, "io", "cannot make a temporary folder");
  }
  int status = 1;
  try {
    status = Demo(where, regulations).run();
  } catch (...) {
    if (folder.empty()) fs::remove_all(where);
    throw;
  }
  if (folder.empty()) fs::remove_all(where);
  return status;
}

}  // namespace command

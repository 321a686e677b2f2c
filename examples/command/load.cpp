#include "load.h"

#include <filesystem>
#include <fstream>

#include "input.h"
#include "rows.h"

namespace command {
namespace {

constexpr std::size_t rowsInTransaction = 1'000;

// How far a load has come. It lies in the vault that is loaded into, committed with the rows.
struct Progress {
  FileRows::Place at;
  std::size_t loaded = 0, refused = 0;
  std::uint64_t reported_bytes = 0;
  bool done = false;

  std::string text() const {
    return json{
        {"byte", at.byte}, {"line", at.line}, {"loaded", loaded}, {"refused", refused}, {"reported", reported_bytes},
        {"done", done}}
        .dump();
  }
  static Progress of(const json& kept) {
    Progress p;
    p.at = {kept.at("byte"), kept.at("line")};
    p.loaded = kept.at("loaded");
    p.refused = kept.at("refused");
    p.reported_bytes = kept.at("reported");
    p.done = kept.at("done");
    return p;
  }
};

class Loading {
 public:
  Loading(Session& session, cnb_site* site, const LoadOrder& order)
      : site_(site),
        order_(order),
        entity_(session.schemaOf(order.entity)),
        rows_(order.file, entity_, readColumns(order.map)),
        circles_(order.circles.empty() ? "" : json(order.circles).dump()),
        label_(order.label.empty() ? entity_.at("label").get<std::string>() : order.label),
        name_("load/" + order.entity + "/" + fingerprintOf(order.file)) {
    if (order.resume) goOn();
    if (!order.report.empty()) openReport();
  }

  Outcome run() {
    const std::size_t before = progress_.loaded;
    try {
      while (!progress_.done) transaction();
    } catch (const Failure& failure) {
      throw Failure(failure.status, failure.code,
                    std::string(failure.what()) + " (" + std::to_string(progress_.loaded) +
                        " rows are loaded: --resume goes on behind them)",
                    {{"loaded", progress_.loaded}, {"cause", failure.detail}});
    }
    json out = {{"entity", order_.entity}, {"loaded", progress_.loaded - before}, {"refused", progress_.refused}};
    if (order_.resume) out["total"] = progress_.loaded;
    return {std::move(out), progress_.refused > 0 ? 6 : 0};
  }

 private:
  void goOn() {
    Buffer kept;
    check(cnb_place(site_, text(name_), kept.out()));
    if (kept.bytes().empty()) return;
    progress_ = Progress::of(kept.document());
    if (!progress_.done) rows_.goOnAt(progress_.at);
  }

  // What was told after the last commit is told again.
  void openReport() {
    std::error_code ignored;
    const auto size = std::filesystem::file_size(order_.report, ignored);
    if (!ignored && size >= progress_.reported_bytes && progress_.reported_bytes > 0)
      std::filesystem::resize_file(order_.report, progress_.reported_bytes);
    report_.open(order_.report, std::ios::binary | (progress_.reported_bytes > 0 ? std::ios::app : std::ios::trunc));
    if (!report_) throw Failure(1, "io", "cannot write " + order_.report);
  }

  void transaction() {
    Progress next = progress_;
    cnb_transaction* t = nullptr;
    check(cnb_begin(site_, &t));
    try {
      FileRow row;
      std::size_t inThis = 0;
      while (inThis < rowsInTransaction && !next.done) {
        throwIfInterrupted();
        if (!rows_.next(row)) {
          next.done = true;
          break;
        }
        ++inThis;
        put(t, row, next);
        showProgress("load", next.loaded + next.refused, 0);
      }
      next.at = rows_.place();
      if (report_.is_open()) {
        report_.flush();
        if (!report_) throw Failure(1, "io", "cannot write " + order_.report);
      }
      const std::string place = next.text();
      check(cnb_place_keep(t, text(label_), text(name_), text(place)));
    } catch (...) {
      cnb_rollback(t);
      throw;
    }
    check(cnb_commit(t));
    progress_ = next;
  }

  void put(cnb_transaction* t, FileRow& row, Progress& next) {
    if (row.errors.empty()) checkBeside(row);
    json detail = {{"errors", row.errors}};
    std::string why;
    if (row.errors.empty()) {
      const std::string fields = row.fields.dump(-1, ' ', false, json::error_handler_t::replace);
      Buffer ignored;
      const cnb_status status =
          cnb_put(t, text(order_.entity), text(fields), text(order_.label), text(circles_), ignored.out());
      if (status == CNB_OK) {
        ++next.loaded;
        return;
      }
      if (status != CNB_INVALID_INPUT && status != CNB_REFUSED && status != CNB_LIMIT) check(status);
      why = cnb_error_last()->message;
      detail = json::parse(cnb_error_last()->detail, nullptr, false);
      row.errors = detail.is_object() && detail.contains("errors") ? detail.at("errors")
                                                                   : json::array({{{"entity", order_.entity},
                                                                                   {"field", ""},
                                                                                   {"value", nullptr},
                                                                                   {"rule", cnb_error_last()->code},
                                                                                   {"article", nullptr},
                                                                                   {"message", why}}});
    } else {
      why = row.errors.front().at("message");
    }
    refuse(row, why, detail, next);
  }

  void refuse(const FileRow& row, const std::string& why, const json& detail, Progress& next) {
    if (!report_.is_open())
      throw Failure(1, "refused", order_.file + " line " + std::to_string(row.line) + ": " + why, detail);
    const std::string told = json{{"line", row.line}, {"errors", row.errors}}.dump() + "\n";
    report_ << told;
    next.reported_bytes += told.size();
    ++next.refused;
  }

  // A row that says how it was labelled must not get another label on its way in.
  void checkBeside(FileRow& row) const {
    std::string circles;
    for (const std::string& c : order_.circles) circles += (circles.empty() ? "" : ";") + c;
    const std::string& mark = row.beside.label;
    const bool marked = mark.find("★") != std::string::npos;
    const bool sameMark = mark.empty() || mark == order_.label || (!marked && row.beside.level == label_);
    const bool sameLevel = row.beside.level.empty() || row.beside.level == label_ || mark == order_.label;
    if (sameMark && sameLevel && (row.beside.circles.empty() || row.beside.circles == circles)) return;
    row.errors.push_back(
        {{"entity", order_.entity},
         {"field", "_label"},
         {"value", mark.empty() ? row.beside.level : mark},
         {"rule", "label"},
         {"article", nullptr},
         {"message", "it bears another label than it is loaded with: give it with --label, --circle"}});
  }

  cnb_site* site_;
  const LoadOrder& order_;
  json entity_;
  FileRows rows_;
  std::string circles_, label_, name_;
  Progress progress_;
  std::ofstream report_;
};

}  // namespace

Outcome load(Session& session, cnb_site* site, const LoadOrder& order) { return Loading(session, site, order).run(); }

}  // namespace command

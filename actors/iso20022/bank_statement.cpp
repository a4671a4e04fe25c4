#include "iso20022/balance_draft.hpp"
#include "iso20022/entry_draft.hpp"
#include "iso20022/import_text.hpp"
#include "iso20022/message_kind.hpp"
#include "iso20022/statement_check.hpp"

namespace ducat::iso20022 {

namespace {

constexpr std::size_t balances_max = 1000;

constexpr std::array statement_kinds = std::to_array<message_kind>({
    {"BkToCstmrStmt", "camt.053.001.", "Stmt"},
    {"BkToCstmrDbtCdtNtfctn", "camt.054.001.", "Ntfctn"},
    {"BkToCstmrAcctRpt", "camt.052.001.", "Rpt"},
});

constexpr std::array head_texts = std::to_array<text_field<statement_head>>({
    {"Id", &statement_head::id},
    {"CreDtTm", &statement_head::created_at},
    {"Acct/Id/IBAN", &statement_head::account},
    {"Acct/Id/Othr/Id", &statement_head::account},
    {"Acct/Ccy", &statement_head::currency},
});

class statement_reader final : public message_reader {
public:
  statement_reader(statement_visitor& visitor, import_report& report)
      : message_reader{statement_kinds, report}, visitor_{visitor} {}

private:
  void on_item_begin(std::string_view path, std::size_t line) override {
    if (path.empty()) {
      head_ = {.line = line, .message_id = message_id()};
      check_ = {};
      shown_ = false;
    } else if (path == "Ntry") {
      show_head();
      entry_.emplace(line, report());
    } else if (path == "Bal") {
      balance_.emplace();
    } else if (entry_ && path.starts_with("Ntry/")) {
      entry_->begin(path.substr(5), line);
    }
  }

  void on_item_end(std::string_view path, const element& ended) override {
    if (path.empty())
      end_statement();
    else if (path == "Ntry")
      end_entry();
    else if (path == "Bal")
      end_balance(ended);
    else if (path.starts_with("Ntry/") && entry_)
      entry_->end(path.substr(5), ended);
    else if (path.starts_with("Bal/") && balance_)
      in_balance(path.substr(4), ended);
    else if (!assign_text(head_texts, head_, path, ended.text))
      check_.end(path, ended);
  }

  void in_balance(std::string_view path, const element& ended) {
    if (const auto wrong = balance_->end(path, ended))
      report().add({.what = *wrong,
                    .line = ended.line,
                    .where = std::string{ended.path},
                    .detail = quoted(ended.text)});
  }

  void end_balance(const element& ended) {
    auto read = balance_ ? balance_->finish() : std::nullopt;
    balance_.reset();
    if (read && head_.balances.size() < balances_max)
      head_.balances.push_back(*std::move(read));
    else
      report().add({.what = read ? remark::too_many : remark::missing,
                    .line = ended.line,
                    .where = "Bal",
                    .detail = "a balance that is left out"});
  }

  void end_entry() {
    auto entry = entry_ ? entry_->finish() : std::nullopt;
    entry_.reset();
    if (!entry) {
      ++report().left_out;
      return check_.count_left_out();
    }
    ++report().read;
    check_.count(*entry, currency_of(head_));
    visitor_.on_entry(*std::move(entry));
  }

  void end_statement() {
    show_head();
    visitor_.on_end(check_.finish(head_, kind()->item == "Stmt", report()));
  }

  void show_head() {
    if (!shown_)
      visitor_.on_statement(head_);
    shown_ = true;
  }

  statement_visitor& visitor_;
  statement_head head_;
  statement_check check_;
  bool shown_ = false;
  std::optional<entry_draft> entry_;
  std::optional<balance_draft> balance_;
};

class statement_collector final : public statement_visitor {
public:
  explicit statement_collector(std::vector<bank_statement>& all) : all_{all} {}

  void on_statement(const statement_head& head) override { all_.push_back({.head = head}); }

  void on_entry(bank_entry entry) override { all_.back().entries.push_back(std::move(entry)); }

  void on_end(const statement_totals& totals) override { all_.back().totals = totals; }

private:
  std::vector<bank_statement>& all_;
};

} // namespace

import_report read_statements(const byte_source& bytes, statement_visitor& visitor) {
  import_report report;
  statement_reader reader{visitor, report};
  reader.read(bytes);
  return report;
}

bank_statements read_statements(std::string_view bytes) {
  bank_statements all;
  statement_collector collector{all.statements};
  all.report = read_statements(source_of(bytes), collector);
  return all;
}

} // namespace ducat::iso20022

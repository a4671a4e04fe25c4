#include "client/table.hpp"
#include "settle/files.hpp"
#include "settle/given_file.hpp"

#include <ducat/settlement/payout_resolver.hpp>

#include <google/protobuf/struct.pb.h>

#include <algorithm>
#include <optional>
#include <ostream>
#include <sstream>

namespace ducat::cli {

namespace {

using settlement::bank_answer;
using settlement::resolution;
using stub = v1::Settlements::Stub;

constexpr std::size_t looks_listed_max = 1'000;

/// What came of a file.
struct resolved_file {
  settlement::bank_file kind{};
  settlement::answers_report read{};
  std::vector<std::string> looks{}; ///< What somebody must look at.
  std::size_t looks_left_out = 0;
  std::optional<failure> failed{}; ///< The node did not go on with it.
};

/// Whether the file says of itself that something of it is missing or too much.
bool has_differences(const iso20022::import_report& report) {
  return report.has(iso20022::remark::count_differs) || report.has(iso20022::remark::sum_differs) ||
         report.has(iso20022::remark::balance_differs);
}

std::string look_of(const bank_answer& said, resolution what, const v1::Payout& payout) {
  std::ostringstream out;
  out << "line " << said.line << ": " << said.of.id() << ": " << what;
  if (what == resolution::amount_differs || what == resolution::currency_differs) {
    if (said.amount)
      out << ": " << *said.amount << ", and it is of ";
    else
      out << ": no amount, and it is of ";
    out << payout.amount() << " minor units of " << payout.currency();
  } else if (what == resolution::other_account) {
    out << ": a statement of " << printable(said.account);
  } else if (!said.text.empty()) {
    out << ": " << printable(said.text);
  }
  return out.str();
}

settlement::resolution_visitor looks_into(resolved_file& out) {
  return [&out](const bank_answer& said, resolution what, const v1::Payout& payout) {
    if (!needs_a_look(what))
      return;
    if (out.looks.size() < looks_listed_max)
      out.looks.push_back(look_of(said, what, payout));
    else
      ++out.looks_left_out;
  };
}

/// A call whose failure is kept.
template <class Request, class Reply>
std::function<std::optional<Reply>(const Request&)>
asking(const session& with,
       grpc::Status (stub::*method)(grpc::ClientContext*, const Request&, Reply*), repetition how,
       std::optional<failure>& failed) {
  return [&with, method, how, &failed](const Request& request) -> std::optional<Reply> {
    auto reply = call(with.limits, how, with.node, method, request);
    if (reply)
      return std::move(*reply);
    failed = reply.error();
    return std::nullopt;
  };
}

settlement::payout_desk desk_at(const session& with, bool is_dry, std::optional<failure>& failed) {
  settlement::payout_desk made{
      .batches = asking(with, &stub::ListPayoutBatches, repetition::read, failed),
      .payouts = asking(with, &stub::ListPayouts, repetition::read, failed)};
  if (!is_dry)
    made.resolve = [resolve = asking(with, &stub::ResolvePayouts, repetition::keyed, failed)](
                       const v1::ResolvePayouts& results) { return resolve(results).has_value(); };
  return made;
}

void print_text(std::ostream& out, const resolved_file& of,
                const settlement::payout_resolver& counts, bool is_dry) {
  print_notes(out, of.read.import);
  for (const std::string& each : of.looks)
    out << each << '\n';
  if (of.looks_left_out > 0)
    out << "and " << of.looks_left_out << " more to look at\n";
  out << to_string(of.kind) << ": " << of.read.import.read << " read, " << of.read.import.left_out
      << " left out, " << of.read.not_ours << " of no payout\n"
      << (is_dry ? "would be " : "") << "paid " << counts.count(resolution::paid) << ", returned "
      << counts.count(resolution::returned) << ", known before " << counts.count(resolution::known)
      << ", waiting " << counts.count(resolution::waiting) << ", to look at "
      << of.looks.size() + of.looks_left_out << '\n';
}

void print_json(const console& io, const resolved_file& of,
                const settlement::payout_resolver& counts) {
  google::protobuf::Struct all;
  const auto put = [&](const std::string& name, std::uint64_t number) {
    (*all.mutable_fields())[name].set_number_value(static_cast<double>(number));
  };
  const auto list = [&](const std::string& name) {
    return (*all.mutable_fields())[name].mutable_list_value();
  };
  (*all.mutable_fields())["kind"].set_string_value(std::string{to_string(of.kind)});
  (*all.mutable_fields())["complete"].set_bool_value(of.read.import.complete);
  put("read", of.read.import.read);
  put("left_out", of.read.import.left_out);
  put("of_no_payout", of.read.not_ours);
  for (std::size_t i = 0; i < settlement::resolutions; ++i)
    put(std::string{to_string(static_cast<resolution>(i))},
        counts.count(static_cast<resolution>(i)));
  auto* notes = list("notes");
  for (const iso20022::note& each : of.read.import.notes)
    notes->add_values()->set_string_value(printable(to_string(each)));
  auto* looks = list("to_look_at");
  for (const std::string& each : of.looks)
    looks->add_values()->set_string_value(each);
  io.out << json_of(all) << '\n';
}

/// Shows what came of it, and returns the exit code.
exit_code show_resolved(const session& with, const resolved_file& of,
                        const settlement::payout_resolver& counts, bool is_dry) {
  with.io.is_json() ? print_json(with.io, of, counts) : print_text(with.io.out, of, counts, is_dry);
  return of.looks.empty() && of.read.import.left_out == 0 ? exit_code::done : exit_code::failed;
}

exit_code nothing_done(const session& with, const std::string& why) {
  with.io.err << "ducat: " << why << ": nothing was resolved\n";
  return exit_code::usage;
}

} // namespace

exit_code resolve_from(const session& with, const resolve_options& options) {
  auto file = given_file::open(options.path);
  if (!file)
    return nothing_done(with, file.error().message);
  resolved_file out{.kind = settlement::kind_of(file->beginning())};
  settlement::payout_resolver resolver{desk_at(with, options.is_dry, out.failed), looks_into(out)};
  out.read = read_answers(file->bytes(), out.kind, [](const bank_answer&) {});
  if (!out.read.import.complete || !file->is_unchanged()) {
    show_resolved(with, out, resolver, options.is_dry);
    return nothing_done(with, "the file is not complete, or is none of a bank");
  }
  if (has_differences(out.read.import) && !options.despite_differences) {
    show_resolved(with, out, resolver, options.is_dry);
    return nothing_done(with, "the file does not add up (--despite-differences takes it)");
  }
  bool goes_on = true;
  read_answers(file->bytes(), out.kind,
               [&](const bank_answer& said) { goes_on = goes_on && resolver.take(said); });
  if (!goes_on || !resolver.finish())
    return report(with.io, out.failed.value_or(failure{}), "the same file");
  if (!file->is_unchanged()) {
    with.io.err << "ducat: the file was changed while it was read: give it again\n";
    return exit_code::failed;
  }
  return show_resolved(with, out, resolver, options.is_dry);
}

} // namespace ducat::cli

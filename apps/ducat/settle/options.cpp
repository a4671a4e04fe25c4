#include "settle/options.hpp"

#include "client/show.hpp"
#include "settle/files.hpp"
#include "settle/lists.hpp"
#include "settle/reconcile_options.hpp"

#include <CLI/CLI.hpp>
#include <google/protobuf/util/json_util.h>

#include <algorithm>
#include <memory>

namespace ducat::cli {

namespace {

using stub = v1::Settlements::Stub;
using binding = std::function<void(CLI::App*, settle_action)>;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

/// "next_business_date" is given as --next-business-date.
std::string flag_of(const std::string& prefix, const std::string& field) {
  std::string flag = prefix + field;
  std::ranges::replace(flag, '_', '-');
  return flag;
}

bool is_bool(const FieldDescriptor& field) {
  return field.cpp_type() == FieldDescriptor::CPPTYPE_BOOL;
}

/// What one may say for a field.
std::string help_of(const FieldDescriptor& field) {
  if (field.is_repeated())
    return "Several, with commas between them";
  std::string names;
  if (field.cpp_type() == FieldDescriptor::CPPTYPE_ENUM)
    for (int i = 0; i < field.enum_type()->value_count(); ++i)
      if (const auto& name = field.enum_type()->value(i)->name(); !name.ends_with("UNSPECIFIED"))
        names += (names.empty() ? "" : ", ") + name;
  return names;
}

std::string in_capitals(std::string word) {
  for (char& each : word)
    if (each >= 'a' && each <= 'z')
      each = static_cast<char>(each - 'a' + 'A');
  return word;
}

/// Takes what `words` say for a field. protobuf's own reading of JSON knows which values fit; names
/// of values may be given in small letters.
bool set_from(const std::vector<std::string>& words, const FieldDescriptor& field, Message& into) {
  std::string value;
  const bool is_enum = field.cpp_type() == FieldDescriptor::CPPTYPE_ENUM;
  for (const std::string& word : words) {
    const std::string each = is_enum ? in_capitals(word) : word;
    std::string quoted = "\"";
    for (const char c : each)
      quoted += c == '"' || c == '\\' ? std::string{'\\', c} : std::string{c};
    value += (value.empty() ? "" : ",") + (is_bool(field) ? each : quoted + "\"");
  }
  if (field.is_repeated())
    value = "[" + value + "]";
  const std::unique_ptr<Message> part{into.New()};
  const auto status = google::protobuf::util::JsonStringToMessage(
      "{\"" + field.name() + "\":" + value + "}", part.get());
  if (status.ok())
    into.MergeFrom(*part);
  return status.ok();
}

/// Adds an option for each plain field of `into`, and of the messages in it.
void add_fields(CLI::App* command, const std::string& prefix, Message& into) {
  const auto& type = *into.GetDescriptor();
  for (int i = 0; i < type.field_count(); ++i) {
    const FieldDescriptor& field = *type.field(i);
    const bool is_message = field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE;
    if (is_message && field.is_repeated())
      continue;
    const std::string name = flag_of(prefix, field.name());
    if (is_message) {
      add_fields(command, name + "-", *into.GetReflection()->MutableMessage(&into, &field));
      continue;
    }
    auto* option = command->add_option(
        "--" + name,
        [&field, &into](const std::vector<std::string>& words) {
          return set_from(words, field, into);
        },
        help_of(field));
    option->type_name(field.cpp_type_name());
    if (field.is_repeated())
      option->delimiter(',')->expected(1, 64);
    else
      option->expected(is_bool(field) ? 0 : 1, 1); // Of a truth its name is enough.
  }
}

/// Options of a message that nobody gave make no message.
void drop_empty(Message& message) {
  const auto& type = *message.GetDescriptor();
  for (int i = 0; i < type.field_count(); ++i) {
    const FieldDescriptor& field = *type.field(i);
    if (field.cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE || field.is_repeated())
      continue;
    const auto& access = *message.GetReflection();
    if (access.GetMessage(message, &field).ByteSizeLong() == 0)
      access.ClearField(&message, &field);
  }
}

/// A command whose options are the fields of its request.
template <class Request, class Act>
CLI::App* add_command(CLI::App* group, const binding& on, const char* name, const char* what,
                      Act act) {
  CLI::App* command = group->add_subcommand(name, what);
  auto request = std::make_shared<Request>();
  add_fields(command, "", *request);
  on(command, [request, act](const session& with) {
    drop_empty(*request);
    return act(with, *request);
  });
  return command;
}

template <class Request>
CLI::App* add_change(CLI::App* group, const binding& on, const char* name, const char* what,
                     settle_method<Request> method) {
  return add_command<Request>(group, on, name, what,
                              [method](const session& with, const Request& request) {
                                return settle(with, method, request);
                              });
}

template <class Request, class Reply>
void add_list(CLI::App* group, const binding& on, const char* name, const char* what,
              grpc::Status (stub::*method)(grpc::ClientContext*, const Request&, Reply*)) {
  add_command<Request>(group, on, name, what, [method](const session& with, const Request& asked) {
    const auto reply = call(with.limits, repetition::read, with.node, method, asked);
    return show(with, reply, [&](const Reply& list) { print(with.io.out, list); });
  });
}

// The parts of the group
// ---------------------------------------------------------------------------

void add_lists(CLI::App* group, const binding& on) {
  add_list(group, on, "ledgers", "The currencies that are settled", &stub::ListLedgers);
  add_list(group, on, "windows", "Windows, the newest first", &stub::ListWindows);
  add_list(group, on, "merchants", "Merchants, and what they have", &stub::ListMerchants);
  add_list(group, on, "participants", "Participants, and what they owe", &stub::ListParticipants);
  add_list(group, on, "positions", "What participants owe each other", &stub::ListPositions);
  add_list(group, on, "merchant-windows", "What a window holds of each merchant",
           &stub::ListMerchantWindows);
  add_list(group, on, "members", "The movements of a merchant in a window", &stub::ListMembers);
  add_list(group, on, "payouts", "Payouts of a batch or of a merchant", &stub::ListPayouts);
  add_list(group, on, "batches", "Payout batches, the newest first", &stub::ListPayoutBatches);
}

/// The terms of a merchant or participant with one tier are given as --bps and --fixed.
template <class Request>
void add_party(CLI::App* group, const binding& on, const char* name, const char* what,
               settle_method<Request> method, v1::FeeRule* (Request::*rule)()) {
  auto tier = std::make_shared<v1::FeeTier>();
  CLI::App* command = add_command<Request>(
      group, on, name, what, [method, rule, tier](const session& with, Request request) {
        if (tier->basis_points() != 0 || tier->fixed() != 0)
          *(request.*rule)()->add_tiers() = *tier;
        return settle(with, method, request);
      });
  command->add_option_function<std::uint32_t>(
      "--bps", [tier](std::uint32_t value) { tier->set_basis_points(value); },
      "What a capture costs, in basis points");
  command->add_option_function<std::int64_t>(
      "--fixed", [tier](std::int64_t value) { tier->set_fixed(value); },
      "And in minor units, for each");
}

void add_terms(CLI::App* group, const binding& on) {
  auto path = std::make_shared<std::string>();
  auto* configure = add_command<v1::ConfigureSettlement>(
      group, on, "configure", "Say how a currency is settled, or take a file's terms",
      [path](const session& with, const v1::ConfigureSettlement& request) {
        return path->empty() ? settle(with, &stub::ConfigureLedger, request)
                             : configure_from(with, *path);
      });
  configure->add_option("--file", *path, "TOML: [[ledger]], [[merchant]], [[participant]]");
  add_party(group, on, "merchant", "Settle an account's captures", &stub::PutMerchant,
            &v1::PutMerchant::mutable_discount);
  add_party(group, on, "participant", "Register a bank or scheme", &stub::PutParticipant,
            &v1::PutParticipant::mutable_interchange);
  add_change(group, on, "fund", "Bring liquidity of a participant, or take it",
             &stub::FundParticipant);
}

/// One capture or result is given by options; many by a file.
void add_items(CLI::App* group, const binding& on) {
  auto captures = std::make_shared<std::string>();
  auto* present = add_command<v1::PresentedCapture>(
      group, on, "present", "Present a capture made elsewhere, or a file of them",
      [captures](const session& with, const v1::PresentedCapture& one) {
        if (!captures->empty())
          return present_from(with, *captures);
        v1::PresentCaptures request;
        *request.add_items() = one;
        return settle(with, &stub::PresentCaptures, request);
      });
  present->add_option("--file", *captures, "CSV: reference, from, to, amount, business_date");
  auto answers = std::make_shared<resolve_options>();
  auto* resolve = add_command<v1::PayoutResult>(
      group, on, "resolve", "Say what became of a payout, or take a bank's file",
      [answers](const session& with, const v1::PayoutResult& one) {
        if (!answers->path.empty())
          return resolve_from(with, *answers);
        v1::ResolvePayouts request;
        *request.add_results() = one;
        return settle(with, &stub::ResolvePayouts, request);
      });
  auto* file = resolve->add_option("--file", answers->path,
                                   "pain.002, pacs.002, camt.053, camt.054, or entries as CSV");
  resolve->add_flag("--dry-run", answers->is_dry, "Only say what would be resolved")->needs(file);
  resolve
      ->add_flag("--despite-differences", answers->despite_differences,
                 "Also if the file's sums are not those that it says")
      ->needs(file);
  add_change(group, on, "dispute", "A payment is disputed, or that is decided",
             &stub::DisputePayment);
}

void add_steps(CLI::App* group, const binding& on) {
  add_command<v1::CutWindow>(group, on, "cut", "Close the open window", cut_window);
  add_command<v1::StartSettlement>(group, on, "run", "Settle what is closed, and follow it",
                                   run_settlement);
  add_command<v1::BatchPayouts>(group, on, "pay", "Begin the next payout batch", pay_out);
  add_change(group, on, "abort", "Abort a settlement before it is committed",
             &stub::AbortSettlement);
  add_change(group, on, "finalize", "Nothing about a window is open any more",
             &stub::FinalizeWindow);
}

void add_exceptions(CLI::App* group, const binding& on) {
  add_command<v1::ListSettlementExceptionsRequest>(
      group, on, "exceptions", "Exceptions of reconciliation, or all of one", show_exceptions);
  for (CLI::App* each : {add_change(group, on, "assign", "Say whose exception it is; '': nobody's",
                                    &stub::AssignException),
                         add_change(group, on, "dispose", "Say what becomes of an exception",
                                    &stub::DisposeOfException)})
    for (CLI::Option* option :
         each->get_options([](const CLI::Option* of) { return of->get_name() != "--help"; }))
      option->required();
}

void add_show(CLI::App* group, const binding& on) {
  auto id = std::make_shared<std::string>();
  auto members = std::make_shared<bool>(false);
  auto* command =
      group->add_subcommand("show", "Settlements, or one of them, or a batch of payouts");
  command->add_option("id", *id, "Such as set_EUR_1 or pob_EUR_1");
  command->add_flag("--members", *members, "And every capture, refund and dispute that is in it");
  on(command, [id, members](const session& with) { return show_settlements(with, *id, *members); });
  auto statement = std::make_shared<statement_options>();
  auto* print = group->add_subcommand("statement", "What a merchant is told of a window, as HTML");
  print->add_option("--merchant", statement->merchant)->required();
  print->add_option("--currency", statement->currency)->required();
  print->add_option("--window", statement->window)->required();
  print->add_option("--out", statement->out, "A file; without it, standard output");
  on(print, [statement](const session& with) { return write_statement(with, *statement); });
  on(group->add_subcommand("files", "Files of settlements and batches"), [](const session& with) {
    const auto settlements =
        call(with.limits, repetition::read, with.node, &stub::ListSettlements, {});
    const auto batches =
        call(with.limits, repetition::read, with.node, &stub::ListPayoutBatches, {});
    if (!batches)
      return report(with.io, batches.error(), {});
    return show(with, settlements,
                [&](const auto& list) { print_files(with.io.out, list, *batches); });
  });
}

} // namespace

void add_settle_commands(CLI::App& app, const binding& on) {
  CLI::App* group = app.add_subcommand("settle", "Windows, settlements, payouts and exceptions");
  group->require_subcommand(1);
  add_lists(group, on);
  add_show(group, on);
  add_terms(group, on);
  add_reconcile(group, on);
  add_items(group, on);
  add_steps(group, on);
  add_exceptions(group, on);
}

} // namespace ducat::cli

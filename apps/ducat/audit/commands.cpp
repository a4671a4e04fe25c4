#include "audit/commands.hpp"

#include "audit/flaw.hpp"
#include "client/show.hpp"
#include "client/table.hpp"
#include "client/utc.hpp"

#include <ducat/error.hpp>

#include <google/protobuf/util/json_util.h>

#include <fstream>
#include <ostream>

namespace ducat::cli {

namespace {

constexpr std::uint32_t page_size = 100;

tl::expected<v1::ListAuditReply, failure> fetch(const session& with, std::uint32_t limit,
                                                std::uint64_t after) {
  v1::ListAuditRequest request;
  request.set_limit(limit);
  request.set_after(after);
  return call(with.limits, repetition::read, with.node, &v1::Audit::Stub::ListAudit, request);
}

/// Returns the entries after `page.after`: all of them, or a page.
tl::expected<v1::ListAuditReply, failure> fetch(const session& with, const audit_page& page) {
  v1::ListAuditReply whole;
  std::uint64_t after = page.after;
  for (bool has_more = true; has_more;) {
    auto part = fetch(with, page.all ? page_size : page.limit, after);
    if (!part)
      return part;
    has_more = page.all && part->has_more() && part->data_size() != 0;
    if (part->data_size() != 0)
      after = part->data().rbegin()->number();
    whole.mutable_data()->MergeFrom(part->data());
    whole.set_has_more(part->has_more());
    whole.set_newest(part->newest());
    whole.set_head(part->head());
  }
  return whole;
}

std::string who(const v1::AuditEntry& entry) {
  return printable(entry.role() + '/' + entry.name());
}

void print_entries(const console& io, const v1::ListAuditReply& found) {
  table rows{{{"ENTRY", align::right},
              {"TIME"},
              {"WHO"},
              {"NODE"},
              {"ACTION"},
              {"OF"},
              {"OUTCOME"},
              {"ABOUT", align::right}}};
  for (const v1::AuditEntry& each : found.data())
    rows.add({std::to_string(each.number()), utc(log_time{each.at_ns()}), who(each),
              printable(each.node()), printable(each.action()), printable(each.target()),
              printable(each.outcome()), each.about() == 0 ? "" : std::to_string(each.about())});
  rows.print(io.out);
}

std::string line_of(const v1::AuditEntry& entry) {
  google::protobuf::util::JsonPrintOptions options;
  options.preserve_proto_field_names = true;
  std::string line;
  (void)google::protobuf::util::MessageToJsonString(entry, &line, options);
  return line;
}

/// Returns the entries in a copy. Errors: not_found, invalid_argument.
result<std::vector<v1::AuditEntry>> entries_in(const std::filesystem::path& copy) {
  std::ifstream in{copy};
  if (!in)
    return fail(errc::not_found, "cannot read " + copy.string());
  std::vector<v1::AuditEntry> entries;
  for (std::string line; std::getline(in, line);)
    if (!google::protobuf::util::JsonStringToMessage(line, &entries.emplace_back()).ok())
      return fail(errc::invalid_argument, copy.string() + ":" + std::to_string(entries.size()) +
                                              ": this is no entry of an audit");
  return entries;
}

exit_code misused(const console& io, const std::string& why) {
  io.err << why << '\n';
  return exit_code::usage;
}

exit_code tell(const console& io, const audit_flaw& flaw) {
  io.out << "audit_broken entry=" << flaw.number << " why=\"" << flaw.what << "\"\n";
  return exit_code::failed;
}

} // namespace

exit_code list_audit(const session& with, const audit_page& page) {
  return show(with, fetch(with, page),
              [&](const v1::ListAuditReply& found) { print_entries(with.io, found); });
}

exit_code export_audit(const session& with) {
  const auto found = fetch(with, {.all = true});
  if (!found)
    return report(with.io, found.error(), "");
  for (const v1::AuditEntry& each : found->data())
    with.io.out << line_of(each) << '\n';
  return exit_code::done;
}

exit_code show_audit_head(const session& with) {
  const auto found = fetch(with, 1, 0);
  if (!found)
    return report(with.io, found.error(), "");
  if (found->newest() != 0)
    with.io.out << found->newest() << '/' << found->head() << '\n';
  return exit_code::done;
}

exit_code verify_audit(const audit_verification& what, const console& io) {
  std::vector<audit_anchor> anchors;
  for (const std::string& each : what.anchors)
    if (const auto anchor = audit_anchor_in(each))
      anchors.push_back(*anchor);
    else
      return misused(io, each + " is no NUMBER/HASH, as ducat audit head prints it");
  const auto entries = entries_in(what.copy);
  if (!entries)
    return misused(io, entries.error().message);
  if (const auto flaw = first_flaw(*entries, anchors))
    return tell(io, *flaw);
  if (!what.with.empty()) {
    const auto others = entries_in(what.with);
    if (!others)
      return misused(io, others.error().message);
    if (const auto flaw = first_difference(*entries, *others))
      return tell(io, *flaw);
  }
  io.out << "audit_verified entries=" << entries->size();
  if (!entries->empty())
    io.out << " head=" << entries->size() << '/' << entries->back().hash();
  io.out << '\n';
  return exit_code::done;
}

} // namespace ducat::cli

#include "client/show.hpp"
#include "settle/commands.hpp"
#include "settle/toml_message.hpp"
#include "toml_file.hpp"

#include <array>
#include <string_view>
#include <vector>

namespace ducat::cli {

namespace {

/// What a file holds, in the order in which it is sent: merchants' shares may name merchants that
/// come later, so that the file's order counts.
struct settlement_file {
  std::vector<v1::ConfigureSettlement> ledgers;
  std::vector<v1::PutMerchant> merchants;
  std::vector<v1::PutParticipant> participants;
};

template <class Part>
take_value take_all(const std::string& of, std::vector<Part>& into) {
  return [of, &into](const toml::node& value, const std::string& name) -> complaint {
    if (!value.is_array_of_tables())
      return complain(value, name, "is no list of tables: [[" + of + "]]");
    for (const toml::node& each : *value.as_array())
      if (auto wrong = fill(*each.as_table(), of, into.emplace_back()))
        return wrong;
    return {};
  };
}

result<settlement_file> read_settlement(const std::string& path) {
  const auto root = read_toml(path);
  if (!root)
    return tl::unexpected(root.error());
  settlement_file made;
  const take_table known = {{"ledger", take_all("ledger", made.ledgers)},
                            {"merchant", take_all("merchant", made.merchants)},
                            {"participant", take_all("participant", made.participants)}};
  if (const auto wrong = take(*root, known, ""))
    return wrong_at(path, wrong->at, wrong->what);
  return made;
}

using version_number = tl::expected<std::uint64_t, failure>;
using settlements = v1::Settlements::Stub;

/// Returns the version of the terms that hold; 0 if there are none.
version_number version_now(const session& with, const v1::ConfigureSettlement& of) {
  return call(with.limits, repetition::read, with.node, &settlements::ListLedgers, {})
      .map([&](const v1::ListLedgersReply& all) -> std::uint64_t {
        for (const v1::SettlementLedger& each : all.data())
          if (each.terms().currency() == of.currency())
            return each.terms().version();
        return 0;
      });
}

version_number version_now(const session& with, const v1::PutMerchant& of) {
  v1::ListMerchantsRequest wanted;
  wanted.set_id(of.id());
  return call(with.limits, repetition::read, with.node, &settlements::ListMerchants, wanted)
      .map([](const v1::ListMerchantsReply& found) -> std::uint64_t {
        return found.data().empty() ? 0 : found.data(0).terms().version();
      });
}

version_number version_now(const session& with, const v1::PutParticipant& of) {
  v1::ListParticipantsRequest wanted;
  wanted.set_currency(of.currency());
  return call(with.limits, repetition::read, with.node, &settlements::ListParticipants, wanted)
      .map([&](const v1::ListParticipantsReply& all) -> std::uint64_t {
        for (const v1::Participant& each : all.data())
          if (each.terms().id() == of.id())
            return each.terms().version();
        return 0;
      });
}

/// Sends all until one is refused. Terms replace those that hold now, and no others: what is sent
/// again because an answer got lost does not undo what somebody has changed meanwhile.
template <class Part>
exit_code send_all(const session& with, std::vector<Part> all, settle_method<Part> method) {
  for (Part& each : all) {
    if (each.version() == 0) {
      const auto now = version_now(with, each);
      if (!now)
        return report(with.io, now.error(), {});
      each.set_version(*now + 1);
    }
    if (const exit_code code = settle(with, method, each); code != exit_code::done)
      return code;
  }
  return exit_code::done;
}

} // namespace

exit_code configure_from(const session& with, const std::string& path) {
  using stub = v1::Settlements::Stub;
  const auto file = read_settlement(path);
  if (!file) {
    with.io.err << "ducat: " << file.error().message << '\n';
    return exit_code::usage;
  }
  if (const auto code = send_all(with, file->ledgers, &stub::ConfigureLedger);
      code != exit_code::done)
    return code;
  if (const auto code = send_all(with, file->merchants, &stub::PutMerchant);
      code != exit_code::done)
    return code;
  return send_all(with, file->participants, &stub::PutParticipant);
}

} // namespace ducat::cli

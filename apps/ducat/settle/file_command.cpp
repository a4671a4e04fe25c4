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

/// Sends all until one is refused.
template <class Part>
exit_code send_all(const session& with, const std::vector<Part>& all, settle_method<Part> method) {
  for (const Part& each : all)
    if (const exit_code code = settle(with, method, each); code != exit_code::done)
      return code;
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

#include <ducat/check.hpp>
#include <ducat/ledger/machine.hpp>
#include <ducat/ledger/store_directory.hpp>

#include <cstring>
#include <utility>

namespace ducat::ledger {

namespace {

template <class Outcome>
std::string reply_with(const std::vector<Outcome>& outcomes) {
  reply answer;
  answer.outcomes.reserve(outcomes.size());
  for (const Outcome each : outcomes)
    answer.outcomes.push_back(static_cast<std::uint8_t>(each));
  return encode(answer);
}

/// Returns the records of the ids in `bytes` that are known.
template <class Record, class Id>
std::string records_of(const book& from, std::string_view bytes) {
  std::vector<Record> found;
  for (; bytes.size() >= sizeof(Id); bytes.remove_prefix(sizeof(Id))) {
    Id id;
    std::memcpy(&id, bytes.data(), sizeof(Id));
    if (const auto record = from.find(id))
      found.push_back(*record);
  }
  return encode(std::span<const Record>(found)).substr(2);
}

} // namespace

machine::machine(std::shared_ptr<segment_store> store, keeping_limits limits)
    : keeper_{std::move(store), limits, book_} {}

void machine::committed(const receipt& newest, const grant_map& grants) {
  if (keeper_.is_due(book_, 0, newest))
    keeper_.keep(book_, newest, grants, {});
  keeper_.let_go(book_);
}

std::optional<std::string> machine::answer_without_commit(std::string_view bytes) const {
  const auto decoded = decode_command(bytes);
  if (!decoded)
    return encode(reply{reply_status::malformed, {}});
  if (const auto* batch = std::get_if<std::vector<account>>(&*decoded))
    if (const auto known = book_.answer_known(std::span(*batch)); !known.empty())
      return reply_with(known);
  if (const auto* batch = std::get_if<std::vector<transfer>>(&*decoded))
    if (const auto known = book_.answer_known(std::span(*batch)); !known.empty())
      return reply_with(known);
  return std::nullopt;
}

std::string machine::apply(const position& where, std::string_view bytes) {
  const auto decoded = decode_command(bytes);
  DUCAT_CHECK(decoded.has_value());
  if (const auto* batch = std::get_if<std::vector<account>>(&*decoded))
    return reply_with(book_.create_accounts(where.at, *batch));
  if (const auto* batch = std::get_if<std::vector<transfer>>(&*decoded))
    return reply_with(book_.create_transfers(where.at, *batch));
  if (const auto* request = std::get_if<reversal>(&*decoded))
    return reply_with(std::vector{book_.revert(where.at, *request)});
  if (const auto* change = std::get_if<set_metadata>(&*decoded))
    return reply_with(std::vector{book_.change(where.at, *change)});
  book_.advance(std::get<advance>(*decoded).to);
  return encode(reply{});
}

std::string machine::query(std::string_view question) const {
  if (question.starts_with('a'))
    return records_of<account, account_id>(book_, question.substr(1));
  if (question.starts_with('t'))
    return records_of<transfer, transfer_id>(book_, question.substr(1));
  return {};
}

digest machine::state_digest() const {
  return book_.state_digest();
}

std::unique_ptr<ducat::machine> make_machine() {
  return std::make_unique<machine>();
}

machine_factory machines_in(std::shared_ptr<store_directory> directory) {
  return [directory = std::move(directory)] {
    return std::make_unique<machine>(directory->begin_life());
  };
}

} // namespace ducat::ledger

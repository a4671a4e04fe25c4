#include "settlement/bank_batches.hpp"

#include <ducat/iso20022/csv.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <string>
#include <utility>

namespace ducat::settlement {

namespace {

using iso20022::bank_entry;
using iso20022::byte_source;
using iso20022::direction;
using iso20022::import_report;
using iso20022::remark;
using iso20022::transaction;

constexpr std::size_t batch_digits = 8 + 1 + 3;

bool is_of_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '_';
}

std::optional<std::uint32_t> whole_number(std::string_view digits) {
  std::uint32_t number = 0;
  const auto [end, problem] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  return problem == std::errc{} && end == digits.data() + digits.size() ? std::optional{number}
                                                                        : std::nullopt;
}

/// Returns the batch whose name begins there.
std::optional<batch_name> batch_at(std::string_view text, std::size_t begin, std::size_t prefix) {
  const std::string_view name = text.substr(begin, prefix + batch_digits);
  const std::string_view rest = text.substr(begin + name.size());
  if (name.size() < prefix + batch_digits || name[prefix + 8] != '-' ||
      (!rest.empty() && is_of_word(rest.front())))
    return std::nullopt;
  const auto date = whole_number(name.substr(prefix, 8));
  const auto currency = whole_number(name.substr(prefix + 9));
  if (!date || !currency)
    return std::nullopt;
  return batch_name{.text = std::string{name}, .date = *date, .currency = *currency};
}

template <class Texts>
std::optional<batch_name> first_batch_in(const Texts& texts, std::string_view acquirer) {
  for (const std::string* each : texts)
    if (auto found = batch_in(*each, acquirer))
      return found;
  return std::nullopt;
}

std::optional<batch_name> batch_of(const transaction& of, std::string_view acquirer) {
  return first_batch_in(std::array{&of.end_to_end_id, &of.transaction_id, &of.instruction_id,
                                   &of.payment_id, &of.creditor_reference, &of.remittance},
                        acquirer);
}

std::optional<batch_name> batch_of(const bank_entry& of, std::string_view acquirer) {
  if (auto found = first_batch_in(
          std::array{&of.reference, &of.servicer_reference, &of.batch_payment_id, &of.information},
          acquirer))
    return found;
  return of.transactions.size() == 1 ? batch_of(of.transactions.front(), acquirer) : std::nullopt;
}

std::int64_t booked_of(const transaction& part, const bank_entry& whole) {
  const auto side = part.side.value_or(whole.side);
  return side == direction::credit ? part.amount->minor : -part.amount->minor;
}

result<void> give(const bank_entry& entry, std::string_view acquirer, const booking_sink& sink) {
  const bool has_parts = entry.transactions.size() > 1 &&
                         std::ranges::all_of(entry.transactions, [](const auto& each) {
                           return each.amount.has_value();
                         });
  const auto whole = batch_of(entry, acquirer);
  if (whole || !has_parts)
    return sink(whole, entry.signed_minor(), entry.amount.currency);
  for (const transaction& each : entry.transactions)
    if (auto taken = sink(batch_of(each, acquirer), booked_of(each, entry), each.amount->currency);
        !taken)
      return taken;
  return {};
}

/// Gives the entries of statements to a function.
class entry_visitor final : public iso20022::statement_visitor {
public:
  explicit entry_visitor(std::function<void(bank_entry)> take) : take_{std::move(take)} {}

  void on_statement(const iso20022::statement_head&) override {}

  void on_entry(bank_entry entry) override { take_(std::move(entry)); }

  void on_end(const iso20022::statement_totals&) override {}

private:
  std::function<void(bank_entry)> take_;
};

/// Whether a file with that remark may say less or more than the bank has booked.
bool is_doubt(remark what) {
  switch (what) {
  case remark::other_version:
  case remark::unknown_column:
  case remark::unchecked:
    return false;
  default:
    return true;
  }
}

result<void> check_report(const import_report& report) {
  const auto doubt = std::ranges::find_if(report.notes, is_doubt, &iso20022::note::what);
  if (doubt != report.notes.end())
    return fail(errc::corrupt, iso20022::to_string(*doubt));
  if (!report.complete || report.left_out != 0 || report.notes_left_out != 0)
    return fail(errc::corrupt, "it was not read to its end");
  return {};
}

/// Reads the first byte that is no white space, and gives back a source of all bytes.
std::pair<char, byte_source> peek(const byte_source& bytes) {
  std::string begun;
  for (;;) {
    char next = 0;
    if (bytes({&next, 1}) == 0)
      return {'\0', iso20022::byte_source{[](std::span<char>) -> std::size_t { return 0; }}};
    begun.push_back(next);
    const bool is_mark = static_cast<unsigned char>(next) >= 0x80; // Of the order of bytes.
    if (!is_mark && next != ' ' && next != '\t' && next != '\r' && next != '\n')
      break;
  }
  const char first = begun.back();
  return {first, [bytes, begun, given = std::size_t{0}](std::span<char> into) mutable {
            if (given == begun.size())
              return bytes(into);
            const std::size_t size = begun.copy(into.data(), into.size(), given);
            given += size;
            return size;
          }};
}

} // namespace

std::optional<batch_name> batch_in(std::string_view text, std::string_view acquirer) {
  const std::string prefix = std::string{acquirer} + "-";
  for (auto at = text.find(prefix); at != std::string_view::npos; at = text.find(prefix, at + 1))
    if (at == 0 || !is_of_word(text[at - 1]))
      if (auto found = batch_at(text, at, prefix.size()))
        return found;
  return std::nullopt;
}

result<std::vector<iso20022::note>>
read_bookings(const byte_source& bytes, std::string_view acquirer, const booking_sink& sink) {
  result<void> taken;
  const auto take = [&](const bank_entry& entry) {
    if (taken && entry.status == iso20022::entry_status::booked)
      taken = give(entry, acquirer, sink);
  };
  const auto [first, all] = peek(bytes);
  entry_visitor visitor{take};
  const import_report report = first == '<' ? iso20022::read_statements(all, visitor)
                                            : iso20022::read_entries_csv(all, take);
  if (!taken)
    return tl::unexpected(taken.error());
  if (auto sound = check_report(report); !sound)
    return tl::unexpected(sound.error());
  return report.notes;
}

} // namespace ducat::settlement

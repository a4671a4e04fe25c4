#include "iso20022/statement_page.hpp"

#include <ducat/iso20022/amount.hpp>
#include <ducat/payment/currency.hpp>

#include <limits>

namespace ducat::iso20022 {

namespace {

constexpr std::size_t page_piece_bytes = 64 * 1024;
constexpr std::uint64_t members_of_a_part = 500;

tl::unexpected<problem> wrong_in(fault what, std::string_view field,
                                 std::optional<std::size_t> item = {}) {
  return tl::unexpected(problem{.what = what, .field = std::string{field}, .item = item});
}

/// Each amount may be printed with the other sign.
bool has_a_negative(std::int64_t minor) noexcept {
  return minor != std::numeric_limits<std::int64_t>::min();
}

result<std::uint32_t> check_page(const printed_statement& statement) {
  const auto known = payment::find_currency(statement.currency);
  if (!known)
    return wrong_in(fault::unknown_currency, "currency");
  if (!statement.first_date.ok() || !statement.last_date.ok())
    return wrong_in(fault::bad_date, "business days");
  for (const auto& payout : statement.payouts)
    if (payout.execution_date && !payout.execution_date->ok())
      return wrong_in(fault::bad_date, "payout");
  const auto negatives = add(statement.refunds_minor, statement.disputed_minor);
  const auto positives = add(statement.gross_minor, statement.won_minor);
  if (!negatives || !positives || !has_a_negative(statement.fees_minor) ||
      !has_a_negative(statement.held_minor) || !statement.net_minor())
    return wrong_in(fault::bad_amount, "net");
  return known->exponent;
}

/// Sums of the members that were written, by their signs.
struct member_sums {
  std::uint64_t count = 0;
  std::int64_t given_minor = 0;
  std::int64_t taken_minor = 0;
  std::int64_t fees_minor = 0;

  friend bool operator==(const member_sums&, const member_sums&) = default;

  /// Returns false if int64 does not hold a sum.
  bool add(const printed_member& member) noexcept {
    auto& side = member.amount_minor < 0 ? taken_minor : given_minor;
    ++count;
    return !__builtin_add_overflow(side, member.amount_minor, &side) &&
           !__builtin_add_overflow(fees_minor, member.fee_minor, &fees_minor);
  }
};

class page_writer {
public:
  page_writer(const byte_sink& sink, const page_form& form) : sink_{sink}, form_{form} {}

  result<void> add(std::string_view text) {
    held_ += text;
    return held_.size() < page_piece_bytes ? result<void>{} : give();
  }

  result<void> add(const printed_member& member) {
    if (sums_.count > 0 && sums_.count % members_of_a_part == 0)
      held_ += subtotal() + next_part(form_);
    if (!member.business_date.ok())
      return wrong_in(fault::bad_date, "member", sums_.count);
    if (!sums_.add(member))
      return wrong_in(fault::bad_amount, "member", sums_.count);
    return add(member_line(member, form_));
  }

  result<void> finish() {
    held_ += subtotal() + page_tail();
    return give();
  }

  const member_sums& sums() const noexcept { return sums_; }

private:
  /// Of all members so far. Their amounts have different signs: the sum of the sums fits.
  std::string subtotal() const {
    return subtotal_line(sums_.count, sums_.given_minor + sums_.taken_minor, sums_.fees_minor,
                         form_);
  }

  result<void> give() {
    if (!sink_(held_))
      return wrong_in(fault::sink_failed, "");
    held_.clear();
    return {};
  }

  const byte_sink& sink_;
  page_form form_;
  std::string held_;
  member_sums sums_;
};

} // namespace

std::optional<std::int64_t> printed_statement::net_minor() const noexcept {
  std::int64_t net = carried_minor;
  const bool fits = !__builtin_add_overflow(net, gross_minor, &net) &&
                    !__builtin_add_overflow(net, refunds_minor, &net) &&
                    !__builtin_add_overflow(net, disputed_minor, &net) &&
                    !__builtin_add_overflow(net, won_minor, &net) &&
                    !__builtin_sub_overflow(net, fees_minor, &net) &&
                    !__builtin_add_overflow(net, splits_minor, &net) &&
                    !__builtin_sub_overflow(net, held_minor, &net) &&
                    !__builtin_add_overflow(net, released_minor, &net);
  return fits ? std::optional{net} : std::nullopt;
}

result<void> print(const printed_statement& statement, const member_source& members,
                   const byte_sink& sink) {
  const auto exponent = check_page(statement);
  if (!exponent)
    return tl::unexpected(exponent.error());
  const page_form form{.exponent = *exponent, .has_fees = statement.members_have_fees};
  page_writer page{sink, form};
  const member_sums said{.count = statement.members,
                         .given_minor = statement.gross_minor + statement.won_minor,
                         .taken_minor = statement.refunds_minor + statement.disputed_minor,
                         .fees_minor = form.has_fees ? statement.fees_minor : 0};
  return page.add(page_head(statement, form))
      .and_then([&] { return members([&](const printed_member& one) { return page.add(one); }); })
      .and_then([&]() -> result<void> {
        if (page.sums() != said)
          return wrong_in(fault::source_changed, "the members do not come to the totals");
        return page.finish();
      });
}

} // namespace ducat::iso20022

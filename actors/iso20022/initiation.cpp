#include "iso20022/check_order.hpp"
#include "iso20022/order_text.hpp"

#include <ducat/iso20022/amount.hpp>

#include <ostream>

namespace ducat::iso20022 {

namespace {

constexpr std::int64_t sum_minor_end = 1'000'000'000'000'000'000; // 18 digits in all

problem changed_source(std::size_t item) {
  return {.what = fault::source_changed, .field = "CdtTrfTxInf", .item = item};
}

result<void> count_in(control_totals& totals, const credit_transfer& transfer) {
  const auto sum = add(totals.sum_minor, transfer.amount_minor);
  if (!sum || *sum >= sum_minor_end)
    return tl::unexpected(problem{.what = fault::bad_amount,
                                  .field = "CtrlSum",
                                  .item = totals.count,
                                  .detail = "the sum has more than 18 digits"});
  totals = {.count = totals.count + 1, .sum_minor = *sum};
  return {};
}

/// Checks each transfer, counts it in, and gives it to `then`.
result<control_totals> visit(order_message which, const initiation& order,
                             const transfer_source& transfers, const transfer_visitor& then) {
  control_totals totals;
  const auto visited = transfers([&](const credit_transfer& transfer) -> result<void> {
    if (auto fits = check_transfer(which, order, transfer); !fits) {
      fits.error().item = totals.count;
      return fits;
    }
    return count_in(totals, transfer).and_then([&] { return then(transfer); });
  });
  if (!visited)
    return tl::unexpected(visited.error());
  return totals;
}

} // namespace

std::string_view to_string(order_message which) noexcept {
  switch (which) {
    using enum order_message;
  case pain_001_001_03:
    return "pain.001.001.03";
  case pain_001_001_09:
    return "pain.001.001.09";
  case pacs_008_001_08:
    return "pacs.008.001.08";
  }
  return "?";
}

std::ostream& operator<<(std::ostream& out, order_message which) {
  return out << to_string(which);
}

result<control_totals> check(order_message which, const initiation& order,
                             const transfer_source& transfers) {
  if (const auto fits = check_order(which, order); !fits)
    return tl::unexpected(fits.error());
  const auto totals =
      visit(which, order, transfers, [](const credit_transfer&) { return result<void>{}; });
  if (totals && totals->count == 0)
    return tl::unexpected(problem{.what = fault::no_transfers, .field = "CdtTrfTxInf"});
  return totals;
}

result<control_totals> write(order_message which, const initiation& order,
                             const transfer_source& transfers, const byte_sink& sink) {
  const auto totals = check(which, order, transfers);
  if (!totals)
    return totals;
  xml_writer out{sink};
  write_head(out, which, order, *totals);
  const auto written =
      visit(which, order, transfers, [&](const credit_transfer& transfer) -> result<void> {
        write_transfer(out, which, order, transfer);
        if (!out.good())
          return tl::unexpected(problem{.what = fault::sink_failed});
        return {};
      });
  if (!written && written.error().what == fault::sink_failed)
    return written;
  if (written != totals)
    return tl::unexpected(changed_source(written ? written->count : 0));
  write_tail(out, which);
  if (!out.finish())
    return tl::unexpected(problem{.what = fault::sink_failed});
  return totals;
}

result<std::string> write(order_message which, const initiation& order,
                          std::span<const credit_transfer> transfers) {
  std::string bytes;
  const auto written = write(which, order, source_of(transfers), [&](std::string_view piece) {
    bytes += piece;
    return true;
  });
  if (!written)
    return tl::unexpected(written.error());
  return bytes;
}

transfer_source source_of(std::span<const credit_transfer> transfers) {
  return [transfers](const transfer_visitor& visitor) -> result<void> {
    for (const credit_transfer& transfer : transfers)
      if (auto taken = visitor(transfer); !taken)
        return taken;
    return {};
  };
}

} // namespace ducat::iso20022

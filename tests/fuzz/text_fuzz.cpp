/// Short texts that others write: names in certificates, addresses, targets, amounts.

#include "api/listen_address.hpp"
#include "api/target.hpp"
#include "fuzz/input.hpp"

#include <ducat/identity.hpp>
#include <ducat/iso8583/elements.hpp>
#include <ducat/iso8583/mti.hpp>
#include <ducat/payment/webhook_url.hpp>
#include <ducat/trace.hpp>

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ducat;
  fuzz::input in{data, size};
  const std::size_t kind = in.choose(8);
  const std::string_view text = in.rest();
  switch (kind) {
  case 0:
    if (const auto who = security::parse_identity(text))
      DUCAT_CHECK(security::uri_of(*who) == text);
    break;
  case 1:
    if (const auto address = api::parse_listen_address(text)) {
      const auto again = api::parse_listen_address(to_string(*address));
      DUCAT_CHECK(again && again->host == address->host && again->port == address->port);
    }
    (void)api::parse_loopback_address(text);
    break;
  case 2:
    if (const auto target = api::parse_target(text))
      for (const std::string& each : target->segments)
        for (const char letter : each)
          DUCAT_CHECK(letter >= ' ' && letter <= '~');
    break;
  case 3:
    (void)payment::parse_webhook_url(text);
    break;
  case 4:
    if (const auto amount = iso8583::parse_amount(text))
      DUCAT_CHECK(*amount >= 0);
    break;
  case 5:
    (void)iso8583::parse_original_data(text);
    break;
  case 6:
    (void)iso8583::parse_mti(text);
    break;
  default:
    if (const auto where = trace::parse_traceparent(text)) {
      const auto again = trace::parse_traceparent(trace::to_traceparent(*where));
      DUCAT_CHECK(again && *again == *where);
    }
    (void)trace::sampling_ratio::parse(text);
  }
  return 0;
}

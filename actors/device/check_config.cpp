#include "device/network_message.hpp"
#include "device/transmission_time.hpp"

#include <ducat/device/link.hpp>
#include <ducat/iso8583/codec.hpp>

namespace ducat::device {

namespace {

result<void> refuse(const std::string& why) {
  return fail(errc::invalid_argument, why);
}

result<void> check_peer(const link_config& config) {
  if (config.name.empty() || config.host.empty() || config.port == 0)
    return refuse("name, host and port have to be given");
  if (config.plain != config.tls.ca.empty())
    return refuse("either plain or tls.ca has to be given");
  if (config.plain && !config.tls.certificate.empty())
    return refuse("tls.certificate means nothing if plain");
  if (config.tls.certificate.empty() != config.tls.key.empty())
    return refuse("tls.certificate and tls.key have to be given together");
  return {};
}

/// What the link sends on its own has to fit the dialect: nobody would be told otherwise.
result<void> check_dialect(const link_config& config) {
  if (const auto wrong = iso8583::check(config.dialect))
    return refuse("dialect: " + wrong->what);
  if (config.dialect.header == iso8583::length_header::none)
    return refuse("dialect: without a length header nobody knows where a message ends");
  auto sample = network_request(network_code::sign_on, config.options.network_stans.first,
                                config.options.network_fields);
  stamp(sample, config.dialect, std::chrono::sys_seconds{});
  sample.set_tpdu(config.tpdu);
  if (const auto bytes = iso8583::encode_frame(config.dialect, sample); !bytes)
    return refuse("the sign-on does not fit the dialect: " + to_string(bytes.error()));
  return {};
}

} // namespace

result<void> check(const link_config& config) {
  return check_peer(config).and_then([&] { return check(config.options); }).and_then([&] {
    return check_dialect(config);
  });
}

} // namespace ducat::device

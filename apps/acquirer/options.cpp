#include "options.hpp"

#include "fault_file.hpp"
#include "iso8583/dialect_file.hpp"
#include "wire/endpoint.hpp"

namespace ducat::acquirer {

namespace {

result<void> set_server(const arguments& given, server_options& into) {
  const auto listen = wire::parse_endpoint(given.listen);
  if (!listen)
    return tl::unexpected(listen.error());
  const auto control = wire::parse_endpoint(given.control);
  if (!control)
    return tl::unexpected(control.error());
  if (!control->address().is_loopback())
    return fail(errc::not_permitted, "--control must be on the loopback, such as 127.0.0.1:0");
  into.listen = *listen;
  into.control = *control;
  into.must_sign_on = given.must_sign_on;
  return {};
}

/// In the clear only if that was said.
result<void> set_tls(const arguments& given, server_options& into) {
  const bool has_files = !given.tls.certificate.empty() && !given.tls.key.empty();
  if (given.is_plain == has_files)
    return fail(errc::invalid_argument, "either --plain or --certificate and --key is needed");
  if (given.is_plain)
    return {};
  auto made = wire::make_tls(wire::tls_side::server, given.tls);
  if (!made)
    return tl::unexpected(made.error());
  into.tls = std::move(*made);
  return {};
}

result<void> set_dialect(const arguments& given, iso8583::dialect& into) {
  auto found = cli::find_dialect(given.dialect);
  if (!found)
    return tl::unexpected(found.error());
  if (found->header == iso8583::length_header::none)
    return fail(errc::invalid_argument, "a dialect without a length header has no frames");
  into = std::move(*found);
  return {};
}

result<void> set_faults(const arguments& given, settings& into) {
  fault_file script;
  if (!given.script.empty()) {
    auto read = load_faults(given.script);
    if (!read)
      return tl::unexpected(read.error());
    script = std::move(*read);
  }
  for (const std::string& each : given.faults) {
    auto rule = parse_fault(each);
    if (!rule)
      return tl::unexpected(rule.error());
    script.faults.push_back(std::move(*rule));
  }
  into.seed = given.seed.value_or(script.seed);
  into.faults = std::move(script.faults);
  return {};
}

} // namespace

result<settings> settings_of(const arguments& given) {
  if (given.journal.empty())
    return fail(errc::invalid_argument, "--journal is needed");
  settings made;
  made.journal = given.journal;
  for (const auto& step : {set_server(given, made.server), set_tls(given, made.server),
                           set_dialect(given, made.dialect), set_faults(given, made)})
    if (!step)
      return tl::unexpected(step.error());
  return made;
}

} // namespace ducat::acquirer

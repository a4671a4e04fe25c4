#include "ctl.hpp"
#include "exit_code.hpp"
#include "options.hpp"

#include <CLI/CLI.hpp>
#include <boost/asio/signal_set.hpp>

#include <csignal>
#include <iostream>

namespace {

using namespace ducat::acquirer;
using ducat::cli::exit_code;

exit_code code_of(ducat::errc what) {
  switch (what) {
  case ducat::errc::in_use:
    return exit_code::in_use;
  case ducat::errc::corrupt:
    return exit_code::refused;
  case ducat::errc::io:
    return exit_code::failed;
  default:
    return exit_code::usage;
  }
}

int complain(const ducat::error& why) {
  std::cerr << "ducat-acquirer: " << why.message << '\n';
  return static_cast<int>(code_of(why.code));
}

int serve(const arguments& given) {
  auto with = settings_of(given);
  if (!with)
    return complain(with.error());
  auto opened = host::open(with->journal, host_core{with->dialect, with->seed});
  if (!opened)
    return complain(opened.error());
  for (fault_rule& each : with->faults)
    opened->core().script().add(std::move(each));

  boost::asio::io_context io{1};
  boost::asio::signal_set signals{io, SIGTERM, SIGINT};
  server running{io, *opened, with->server};
  if (const auto started = running.start(); !started)
    return complain(started.error());
  signals.async_wait([&](const auto& failure, int) {
    if (!failure)
      running.stop();
  });
  std::cout << "acquirer_ready port=" << running.port() << " control=" << running.control_port()
            << std::endl;
  io.run();
  return running.failure() ? complain(*running.failure()) : 0;
}

void add_options(CLI::App& app, arguments& into) {
  app.add_option("--listen", into.listen, "ADDRESS:PORT; port 0: a free one, see the ready line");
  app.add_option("--control", into.control, "The same for the control port, on the loopback");
  app.add_option("--dialect", into.dialect, "Name, or a file: ducat iso8583 dialects");
  app.add_option("--journal", into.journal, "File that remembers what it has done");
  app.add_option("--faults", into.script, "A script, TOML");
  app.add_option("--fault", into.faults, "KIND[:key=value,...], may be repeated");
  app.add_option("--seed", into.seed, "Of faults with `percent`, instead of the script's");
  app.add_flag("--plain", into.is_plain, "Without TLS");
  app.add_option("--certificate", into.tls.certificate, "PEM file");
  app.add_option("--key", into.tls.key, "PEM file");
  app.add_flag("--tls-1-2", into.tls.allows_tls_1_2, "TLS 1.2 will do; otherwise it is 1.3");
  app.add_option("--ca", into.tls.ca, "PEM file: clients must have a certificate of it");
  app.add_flag("--require-sign-on", into.must_sign_on, "No payments before a sign-on");
}

} // namespace

int main(int argc, char** argv) {
  CLI::App app{"An ISO 8583 host that remembers everything and fails on demand"};
  arguments given;
  add_options(app, given);
  std::uint16_t port = 0;
  std::vector<std::string> words;
  CLI::App* const ctl = app.add_subcommand("ctl", "Ask something of an acquirer that runs");
  ctl->add_option("--port", port, "Its control port")->required();
  ctl->add_option("command", words, "fault add|clear|list, stats, journal [FROM]")->required();
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& wrong) {
    return app.exit(wrong) == 0 ? 0 : static_cast<int>(exit_code::usage);
  }
  return *ctl ? control(port, words, std::cout, std::cerr) : serve(given);
}

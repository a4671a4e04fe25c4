#include "up/up_command.hpp"

#include "exit_code.hpp"
#include "up/layout.hpp"
#include "up/local_cluster.hpp"

#include <ducat/certificates.hpp>

#include <fcntl.h>
#include <signal.h>
#include <sys/file.h>
#include <unistd.h>

#include <chrono>
#include <fstream>
#include <ostream>

namespace ducat::cli {

namespace {

security::calendar_time today() {
  return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
}

result<void> write_file(const std::filesystem::path& file, const std::string& text) {
  std::ofstream out{file, std::ios::trunc};
  out << text;
  return out.flush() ? result<void>{} : fail(errc::io, file.string() + " cannot be written");
}

/// Makes the certificates that are missing.
result<void> make_certificates(const cluster_layout& layout, const std::filesystem::path& certs) {
  std::filesystem::create_directories(certs);
  if (!std::filesystem::exists(certs / "ca.crt"))
    if (auto made = security::make_authority(certs, {.cluster = layout.cluster}, today()); !made)
      return tl::unexpected(made.error());
  for (const node_place& node : layout.nodes)
    if (!std::filesystem::exists(certs / (node.name + ".crt")))
      if (auto made = security::issue_node(certs, {.id = node.name}, today()); !made)
        return tl::unexpected(made.error());
  return {};
}

/// Returns the layout in the directory, or a new one that is in it from now on.
result<cluster_layout> layout_in(const std::filesystem::path& directory,
                                 const up_arguments& arguments) {
  const auto file = directory / "cluster.toml";
  if (!std::filesystem::exists(file)) {
    auto made = make_layout({.nodes = arguments.nodes == 0 ? 3 : arguments.nodes,
                             .base_port = arguments.base_port,
                             .payments = arguments.payments == "own" ? "" : arguments.payments});
    if (!made)
      return made;
    if (auto kept = write_file(file, to_toml(*made)); !kept)
      return tl::unexpected(kept.error());
    return made;
  }
  auto found = read_layout(file);
  if (found && arguments.nodes != 0 && arguments.nodes != found->nodes.size())
    return fail(errc::invalid_argument, directory.string() + " holds a cluster of " +
                                            std::to_string(found->nodes.size()) + " nodes");
  return found;
}

result<cluster_layout> prepare(const std::filesystem::path& directory,
                               const up_arguments& arguments) {
  std::filesystem::create_directories(directory / "logs");
  auto layout = layout_in(directory, arguments);
  if (!layout)
    return layout;
  if (auto made = make_certificates(*layout, directory / "certs"); !made)
    return tl::unexpected(made.error());
  for (const node_place& node : layout->nodes)
    if (auto written = write_file(directory / (node.name + ".toml"),
                                  node_config_of(*layout, node, directory,
                                                 {.faults = arguments.allow_faults,
                                                  .alerts_to = arguments.alerts_to,
                                                  .traces_to = arguments.traces_to}));
        !written)
      return tl::unexpected(written.error());
  return layout;
}

/// Holds the directory for one `ducat up` at a time; the system lets go of it at the end.
bool lock(const std::filesystem::path& directory) {
  const int file = ::open((directory / "lock").c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0600);
  return file >= 0 && ::flock(file, LOCK_EX | LOCK_NB) == 0;
}

int refuse(std::ostream& err, const error& why) {
  err << "ducat: " << why << '\n';
  return static_cast<int>(why.code == errc::invalid_argument ? exit_code::usage
                                                             : exit_code::failed);
}

} // namespace

int run_up(const up_arguments& arguments, const std::filesystem::path& program, std::ostream& out,
           std::ostream& err) {
  std::error_code code;
  std::filesystem::create_directories(arguments.directory, code);
  const auto directory = std::filesystem::absolute(arguments.directory);
  if (code)
    return refuse(err, {errc::io, directory.string() + " cannot be made: " + code.message()});
  if (!lock(directory)) {
    err << "ducat: another ducat up has " << directory.string() << '\n';
    return static_cast<int>(exit_code::in_use);
  }
  const auto layout = prepare(directory, arguments);
  if (!layout)
    return refuse(err, layout.error());
  local_cluster cluster{
      *layout, {.directory = directory, .program = program, .quiet = arguments.quiet}, out};
  const auto done = cluster.run();
  return done ? static_cast<int>(exit_code::done) : refuse(err, done.error());
}

} // namespace ducat::cli

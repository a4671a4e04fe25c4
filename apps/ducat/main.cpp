#include "command_line.hpp"
#include "demo/demo.hpp"
#include "node_command.hpp"

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <iostream>

namespace {

/// Has gRPC speak TLS 1.3 only, here and in what is started from here, unless the environment says
/// which ciphers it takes. Version 1.51 cannot be told which versions of TLS it takes; its list of
/// ciphers is for 1.2 alone, and of one that needs a key agreed on beforehand 1.2 can make nothing.
/// Call before there are threads.
void speak_tls_1_3_only() {
  ::setenv("GRPC_SSL_CIPHER_SUITES", "PSK-AES256-GCM-SHA384", 0);
}

} // namespace

int main(int argc, char** argv) {
  speak_tls_1_3_only();
  const auto run_node = [=](const ducat::cli::node_arguments& arguments) {
    return arguments.unguarded ? ducat::cli::run_node(arguments, std::cout, std::cerr)
                               : ducat::cli::guard_node(arguments, {argv, argv + argc}, std::cerr);
  };
  const auto run_demo = [](const ducat::cli::demo_arguments& arguments) {
    return static_cast<int>(
        ducat::cli::run_demo({.program = std::filesystem::read_symlink("/proc/self/exe"),
                              .nodes = arguments.nodes,
                              .payments = arguments.payments,
                              .seed = arguments.seed,
                              .process_kills = arguments.kills,
                              .directory = arguments.directory,
                              .show_progress = ::isatty(STDERR_FILENO) == 1},
                             std::cout, std::cerr));
  };
  const auto run_up = [](const ducat::cli::up_arguments& arguments) {
    return ducat::cli::run_up(arguments, std::filesystem::read_symlink("/proc/self/exe"), std::cout,
                              std::cerr);
  };
  const auto run_failover_bench = [](const ducat::cli::failover_arguments& arguments) {
    return static_cast<int>(ducat::cli::bench_failover(
        arguments, std::filesystem::read_symlink("/proc/self/exe"), std::cout, std::cerr));
  };
  const auto run_replicated_bench = [](const ducat::cli::replicated_bench_arguments& arguments) {
    return static_cast<int>(ducat::cli::bench_replicated(
        arguments, std::filesystem::read_symlink("/proc/self/exe"), std::cout, std::cerr));
  };
  const auto run_cards_bench = [](const ducat::cli::cards_arguments& arguments) {
    return static_cast<int>(ducat::cli::bench_cards(
        arguments, std::filesystem::read_symlink("/proc/self/exe"), std::cout, std::cerr));
  };
  return ducat::cli::run({argv + 1, argv + argc},
                         {.in = std::cin,
                          .out = std::cout,
                          .err = std::cerr,
                          .out_is_terminal = ::isatty(STDOUT_FILENO) == 1,
                          .err_is_terminal = ::isatty(STDERR_FILENO) == 1,
                          .out_descriptor = STDOUT_FILENO,
                          .run_node = run_node,
                          .run_demo = run_demo,
                          .run_up = run_up,
                          .program = std::filesystem::read_symlink("/proc/self/exe"),
                          .run_failover_bench = run_failover_bench,
                          .run_replicated_bench = run_replicated_bench,
                          .run_cards_bench = run_cards_bench});
}

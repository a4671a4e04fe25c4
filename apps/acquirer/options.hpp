/// `ducat-acquirer`, as given on the command line.
#pragma once

#include "fault_rule.hpp"
#include "server.hpp"

#include <ducat/error.hpp>
#include <ducat/iso8583/dialect.hpp>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace ducat::acquirer {

struct arguments {
  std::string listen = "127.0.0.1:0";
  std::string control = "127.0.0.1:0";
  std::string dialect = "ascii87"; ///< Name or file.
  std::filesystem::path journal{};
  std::filesystem::path script{};      ///< Empty: none.
  std::vector<std::string> faults{};   ///< Behind those of the script.
  std::optional<std::uint64_t> seed{}; ///< Instead of the script's.
  wire::tls_files tls{};
  bool is_plain = false;
  bool must_sign_on = false;
};

struct settings {
  server_options server;
  iso8583::dialect dialect;
  std::filesystem::path journal;
  std::uint64_t seed;
  std::vector<fault_rule> faults;
};

/// Returns what the arguments mean. Errors: invalid_argument, not_found, io, not_permitted (control
/// from elsewhere than the loopback).
result<settings> settings_of(const arguments& given);

} // namespace ducat::acquirer

/// A fleet on the network.
#pragma once

#include "fleet.hpp"
#include "wire/byte_stream.hpp"

#include <ducat/error.hpp>
#include <ducat/iso8583/dialect.hpp>

#include <boost/asio/ip/tcp.hpp>

#include <filesystem>
#include <memory>
#include <string>

namespace ducat::terminals {

struct drive_options {
  fleet_options fleet{};
  boost::asio::ip::tcp::endpoint target{};
  iso8583::dialect dialect{};
  std::shared_ptr<boost::asio::ssl::context> tls{};     ///< Null: in the clear.
  std::string peer_name{};                              ///< In the target's certificate.
  duration connect_time_max = std::chrono::seconds{10}; ///< For all to sign on.
  duration drain_time_max = std::chrono::seconds{60}; ///< For what is open behind the last payment.
  std::filesystem::path record{};                     ///< Empty: none.
};

struct drive_report {
  fleet_stats stats{};
  bool has_begun = false; ///< All connections have signed on.
  duration elapsed{};     ///< From the first payment to the end of all.
  duration sending{};     ///< From the first payment to the last one.
  double p50_ms = 0;      ///< Of answers that came in time.
  double p99_ms = 0;
};

/// Runs a fleet until all is finished, or its time is up, or SIGTERM or SIGINT: what is open then
/// is in doubt. Errors: io (the record cannot be written).
result<drive_report> drive(const drive_options& options);

} // namespace ducat::terminals

/// The settings of TLS of a server whose files are replaced while it runs.
#pragma once

#include "wire/byte_stream.hpp"

#include <ducat/time.hpp>

#include <array>
#include <filesystem>
#include <memory>

namespace ducat::wire {

/// Thread-safety: none.
class renewed_tls {
public:
  /// Errors: those of make_tls().
  static result<renewed_tls> load(tls_files files);

  /// Returns the settings of now: those of the files, if they have changed and are good, as of a
  /// second ago at most. Whoever is connected keeps what they had.
  std::shared_ptr<boost::asio::ssl::context> at(time_point now);

private:
  using times = std::array<std::filesystem::file_time_type, 3>;

  explicit renewed_tls(tls_files files) : files_{std::move(files)} {}

  result<void> renew();
  times times_of_files() const;

  tls_files files_;
  std::shared_ptr<boost::asio::ssl::context> current_{}; // Never null once it is loaded.
  times loaded_{};
  time_point looked_at_{};
};

} // namespace ducat::wire

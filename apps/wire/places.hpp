/// How many connections a port serves: in all, and of one address.
#pragma once

#include <boost/asio/ip/address.hpp>

#include <atomic>
#include <cstddef>
#include <map>
#include <memory>

namespace ducat::wire {

struct place_limits {
  std::size_t in_all = 0;
  std::size_t per_address = 0; ///< Of IPv6 per /64, see peer_of().
};

/// For the thread that serves the connections, but for taken().
class places {
public:
  /// That of one connection, for as long as this lives. Its `places` have to outlive it.
  class place {
  public:
    place(places& of, const boost::asio::ip::address& peer);
    ~place();
    place(const place&) = delete;
    place& operator=(const place&) = delete;

  private:
    places& of_;
    const boost::asio::ip::address peer_;
  };

  explicit places(place_limits most) : most_{most} {}

  places(const places&) = delete;
  places& operator=(const places&) = delete;

  /// Returns a place for a connection from there; null: there is none.
  std::unique_ptr<place> take(const boost::asio::ip::address& from);

  /// Returns how many are taken. Any thread.
  std::size_t taken() const noexcept { return taken_; }

private:
  const place_limits most_;
  std::atomic<std::size_t> taken_ = 0;
  std::map<boost::asio::ip::address, std::size_t> by_peer_; // None is 0.
};

} // namespace ducat::wire

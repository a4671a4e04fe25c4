/// A stretch of network between a link and an acquirer that can become half dead: what is asked of
/// the network management passes, and everything else is lost.
#pragma once

#include <ducat/iso8583/codec.hpp>
#include <ducat/iso8583/dialect.hpp>
#include <ducat/iso8583/framer.hpp>

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace ducat::acquiring::test {

/// Speaks ascii87. Its own thread moves the bytes.
class grey_proxy {
public:
  explicit grey_proxy(std::uint16_t host) : host_{host} {
    accept();
    mover_ = std::thread{[this] { io_.run(); }};
  }

  grey_proxy(const grey_proxy&) = delete;
  grey_proxy& operator=(const grey_proxy&) = delete;

  ~grey_proxy() {
    io_.stop();
    mover_.join();
  }

  std::uint16_t port() const { return port_; }

  void set_half_dead(bool now) { is_half_dead_ = now; }

  /// Ends every connection.
  void cut() {
    boost::asio::post(io_, [this] {
      for (const auto& each : passages_)
        each->close();
      passages_.clear();
    });
  }

private:
  using tcp = boost::asio::ip::tcp;

  struct passage : std::enable_shared_from_this<passage> {
    passage(grey_proxy& by, tcp::socket client) : owner{by}, near{std::move(client)} {
      far.connect({boost::asio::ip::address_v4::loopback(), owner.host_});
    }

    void close() {
      boost::system::error_code ignored;
      near.close(ignored);
      far.close(ignored);
    }

    void from_host() {
      far.async_read_some(
          boost::asio::buffer(answers), [me = shared_from_this()](auto failure, std::size_t size) {
            if (failure)
              return me->close();
            boost::asio::write(me->near, boost::asio::buffer(me->answers.data(), size), failure);
            me->from_host();
          });
    }

    void from_client() {
      near.async_read_some(boost::asio::buffer(requests),
                           [me = shared_from_this()](auto failure, std::size_t size) {
                             if (failure)
                               return me->close();
                             me->cutter.feed({me->requests.data(), size});
                             while (const auto payload = me->cutter.next().value())
                               me->pass(*payload);
                             me->from_client();
                           });
    }

    void pass(const std::string& payload) {
      const auto what = iso8583::decode(dialect, payload).value();
      if (owner.is_half_dead_ && !what.mti().starts_with("08"))
        return;
      boost::system::error_code ignored; // Then the next read tells.
      boost::asio::write(far, boost::asio::buffer(iso8583::encode_frame(dialect, what).value()),
                         ignored);
    }

    grey_proxy& owner;
    tcp::socket near;
    tcp::socket far{owner.io_};
    iso8583::dialect dialect = *iso8583::find_dialect("ascii87");
    iso8583::framer cutter{dialect};
    std::array<char, 4'096> requests{};
    std::array<char, 4'096> answers{};
  };

  void accept() {
    door_.async_accept([this](auto failure, tcp::socket client) {
      if (failure)
        return;
      passages_.push_back(std::make_shared<passage>(*this, std::move(client)));
      passages_.back()->from_client();
      passages_.back()->from_host();
      accept();
    });
  }

  std::uint16_t host_;
  boost::asio::io_context io_;
  tcp::acceptor door_{io_, {boost::asio::ip::address_v4::loopback(), 0}};
  std::uint16_t port_ = door_.local_endpoint().port();
  std::atomic<bool> is_half_dead_ = false;
  std::vector<std::shared_ptr<passage>> passages_;
  std::thread mover_;
};

} // namespace ducat::acquiring::test

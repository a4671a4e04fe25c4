/// A connection of terminals.
#pragma once

#include "api/io_link.hpp"
#include "wire/connection.hpp"

#include <ducat/gateway/terminal.hpp>
#include <ducat/iso8583/dialect.hpp>

#include <atomic>
#include <memory>

namespace ducat::gateway {

/// What the actors have of it, maybe longer than it lives. Safe from any thread.
class terminal_line final : public peer {
public:
  terminal_line(std::shared_ptr<api::io_link> io, std::weak_ptr<wire::connection> to,
                std::shared_ptr<const iso8583::dialect> with)
      : io_{std::move(io)}, to_{std::move(to)}, dialect_{std::move(with)} {}

  void send(const iso8583::message& what) override;

  /// Counts a message of it as unanswered for as long as what is returned is kept. On the io
  /// thread.
  std::shared_ptr<void> begin_turn();

  bool is_open() const noexcept override { return is_open_; }

  void closed() noexcept { is_open_ = false; }

private:
  std::shared_ptr<api::io_link> io_;
  std::weak_ptr<wire::connection> to_;
  std::shared_ptr<const iso8583::dialect> dialect_;
  std::atomic<bool> is_open_{true};
};

} // namespace ducat::gateway

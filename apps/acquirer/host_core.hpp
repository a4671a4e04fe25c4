/// The acquirer without sockets, clock and disk: a request in, answers out.
///
/// An ISO 8583 host that authorises and captures everything, remembers it, and makes mistakes on
/// demand. The rules are in docs/acquirer.md. Pure; for one thread.
#pragma once

#include "answer.hpp"
#include "book.hpp"
#include "fault_script.hpp"

#include <ducat/iso8583/dialect.hpp>
#include <ducat/iso8583/message.hpp>

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace ducat::acquirer {

struct host_stats {
  std::uint64_t received = 0;   ///< Messages that could be decoded.
  std::uint64_t unreadable = 0; ///< Frames that could not.
  std::uint64_t unexpected = 0; ///< Messages that want no answer, such as answers.
  std::uint64_t answered = 0;   ///< Messages that got at least one answer.
  std::uint64_t approved = 0;   ///< 0100 and 0200, each once.
  std::uint64_t declined = 0;   ///< 0100 and 0200, each once.
  std::uint64_t advices = 0;
  std::uint64_t reversed = 0;
  std::uint64_t duplicates = 0;           ///< Answered as the first time.
  std::uint64_t unencodable = 0;          ///< Answers that the dialect cannot say.
  std::array<std::uint64_t, 10> faults{}; ///< By kind.
};

struct reaction {
  std::optional<effect> done{}; ///< To be on disk before anything is sent.
  std::vector<sending> sendings{};
};

class host_core {
public:
  host_core(iso8583::dialect with, std::uint64_t seed) : with_{std::move(with)}, script_{seed} {}

  /// Takes an effect of an earlier life, in order.
  void restore(effect what) { book_.apply(std::move(what)); }

  /// Returns what a payload from a connection makes the host do; nothing if it is empty or no
  /// message. `now_ms` counts from the Unix epoch.
  reaction receive(session& from, std::string_view payload, std::int64_t now_ms);

  /// The same for a message.
  reaction handle(session& from, const iso8583::message& request, std::int64_t now_ms);

  fault_script& script() noexcept { return script_; }

  const book& done() const noexcept { return book_; }

  const host_stats& stats() const noexcept { return stats_; }

  const iso8583::dialect& dialect() const noexcept { return with_; }

private:
  reaction carry_out(session& from, const iso8583::message& request, const iso8583::mti& type,
                     const std::vector<fault_rule>& faults, std::int64_t now_ms);
  void remember(effect& what, const std::vector<fault_rule>& faults, std::int64_t now_ms);
  void count(const decision& made);

  iso8583::dialect with_;
  fault_script script_;
  book book_;
  host_stats stats_;
};

} // namespace ducat::acquirer

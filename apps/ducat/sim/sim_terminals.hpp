/// Terminals that pay through the gateways of a simulated cluster, and what they were told.
#pragma once

#include "record/call_record.hpp"

#include <ducat/gateway/terminal.hpp>
#include <ducat/testing/sim_cluster.hpp>
#include <ducat/v1/payment.pb.h>

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace ducat::cli {

/// Returns the terminals that gateways know. `from` is the account that their money comes from.
gateway::roster simulated_roster(const std::string& from, const std::string& to);

/// Each pays once at a time, over a connection to one node or another. Whatever is not answered it
/// takes back, again and again until that is answered; some of what was approved, too. Each payment
/// is put on `record` as one whose outcome nobody has told.
class sim_terminals {
public:
  sim_terminals(testing::sim_cluster& on, call_record& record) : on_{on}, record_{record} {}

  sim_terminals(const sim_terminals&) = delete;
  sim_terminals& operator=(const sim_terminals&) = delete;
  ~sim_terminals();

  /// Each terminal makes `count` payments of that payer to that payee.
  void begin(std::uint64_t count, const std::string& from, const std::string& to);

  /// Returns whether each payment was answered, or taken back.
  bool is_done() const noexcept;

  /// Returns a sentence for each of `payments` that is not what its terminal was told last.
  std::vector<std::string> violations(const std::vector<v1::Payment>& payments) const;

private:
  class line;

  enum class told : std::uint8_t { nothing, approved, refused, taken_back };

  struct terminal {
    std::string id;
    std::uint64_t left = 0;
    std::uint64_t stan = 0;
    std::uint64_t turn = 0; ///< Of what it asks.
    std::string node{};
    std::shared_ptr<line> over{};
    iso8583::message asked{};                                ///< What it waits for an answer to.
    std::function<void(const iso8583::message*)> answered{}; ///< Null: there was none.
    iso8583::message payment{};                              ///< The newest.
    bool is_done = false;
  };

  void connect(std::size_t which, std::function<void()> then);
  void pay(std::size_t which);
  void take_back(std::size_t which);
  void hear_taken_back(std::size_t which, const iso8583::message* answer);
  void next(std::size_t which);
  void ask(std::size_t which, iso8583::message what,
           std::function<void(const iso8583::message*)> answered);
  void hear(std::size_t which, const iso8583::message& what);
  iso8583::message begun(terminal& of, const char* mti);
  told& told_of(const terminal& of);

  testing::sim_cluster& on_;
  call_record& record_;
  std::vector<terminal> terminals_;
  std::string from_;
  std::string to_;
  std::map<std::string, told> told_; ///< By the key of the payment.
};

} // namespace ducat::cli

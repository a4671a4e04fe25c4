/// The endpoints of webhooks, and what was delivered to them. Pure.
#pragma once

#include <ducat/payment/event.hpp>
#include <ducat/payment/refusal.hpp>
#include <ducat/time.hpp>
#include <ducat/v1/journal.pb.h>
#include <ducat/v1/state.pb.h>
#include <ducat/v1/webhook.pb.h>

#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace ducat::ledger {
struct kept_row;
}

namespace ducat::payment {

constexpr std::size_t endpoints_max = 100;
constexpr std::size_t dead_max = 10'000;        ///< Of an endpoint; the oldest are forgotten.
constexpr std::size_t open_max = 20'000;        ///< The same; more are not taken.
constexpr std::size_t notes_max = 1'000;        ///< Of one command.
constexpr std::size_t deliveries_shown = 1'000; ///< By one question.

/// An endpoint. Invariant: an event is in at most one of open and dead.
struct endpoint_record {
  v1::StoredEndpoint facts; ///< Without `open` and `dead`.
  std::map<event_place, v1::DeliveryNote> open{};
  std::map<event_place, v1::DeliveryNote> dead{};
};

/// Endpoints by id. Every event of an endpoint's types that is after its registration is delivered,
/// open, dead, or after its cursor. Whoever delivers says on which revision and which cursor its
/// notes are based; if another change came first they are refused, and events may be delivered
/// twice.
class endpoint_book {
public:
  /// Says why the command is refused, or that it is not, or that it would change nothing.
  refusal check(const v1::PutEndpoint& command) const;
  refusal check(const v1::RemoveEndpoint& command) const;
  refusal check(const v1::NoteDeliveries& command) const;
  refusal check(const v1::ReplayEvents& command) const;
  bool changes_nothing(const v1::PutEndpoint& command) const;
  bool changes_nothing(const v1::ReplayEvents& command) const;

  /// Has the effect of a command that check() let pass. `index` and `at` are of its entry.
  void apply(std::uint64_t index, log_time at, const v1::PutEndpoint& command);
  void apply(const v1::RemoveEndpoint& command);
  void apply(const v1::NoteDeliveries& command);
  void apply(const v1::ReplayEvents& command);

  /// Returns nullptr if there is none.
  const endpoint_record* find(const std::string& id) const;

  const std::map<std::string, endpoint_record>& all() const noexcept { return endpoints_; }

  /// Returns every endpoint as it is stored.
  std::vector<v1::StoredEndpoint> stored() const;

  /// Returns the rows that differ from those that were taken before.
  std::vector<ledger::kept_row> take_changed_rows();

  /// Takes a row back. Returns false if it is damaged.
  bool restore(std::string_view key, std::string_view value);

private:
  endpoint_record& changed(const std::string& id);

  std::map<std::string, endpoint_record> endpoints_;
  std::set<std::string> changed_; ///< Since rows were taken.
};

/// Returns what callers see: no secret.
v1::Webhook view_of(const endpoint_record& endpoint);
v1::ListDeliveriesReply deliveries_of(const endpoint_record& endpoint);

} // namespace ducat::payment

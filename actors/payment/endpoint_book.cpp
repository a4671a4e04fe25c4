#include "payment/endpoint_book.hpp"

#include "payment/limits.hpp"

#include <ducat/ledger/history.hpp>
#include <ducat/payment/webhook_url.hpp>

#include <algorithm>
#include <utility>

namespace ducat::payment {

namespace {

constexpr std::size_t id_bytes_max = 3 + 32;
constexpr int types_max = 50;
constexpr std::uint64_t keep_old_ms_max = std::uint64_t{30} * 24 * 3600 * 1'000;
constexpr std::size_t problem_bytes_max = 200;

event_place place_in(const v1::EventPlace& stored) {
  return {stored.index(), stored.number()};
}

void set(v1::EventPlace& into, const event_place& place) {
  into.set_index(place.index);
  into.set_number(place.number);
}

bool is_id(std::string_view id) {
  const std::string_view others = "_-";
  return id.size() > 3 && id.size() <= id_bytes_max && id.starts_with("we_") &&
         std::ranges::all_of(id, [&](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  others.find(c) != others.npos;
         });
}

refusal check_new(const v1::PutEndpoint& command) {
  if (!is_id(command.id()))
    return refusal::webhook_id_invalid;
  if (!parse_webhook_url(command.url()))
    return refusal::webhook_url_invalid;
  const bool good_types = command.types_size() <= types_max &&
                          std::ranges::all_of(command.types(), [](const std::string& filter) {
                            return is_event_filter(filter);
                          });
  if (!good_types)
    return refusal::event_type_unknown;
  return is_webhook_secret(command.secret()) ? refusal::none : refusal::command_malformed;
}

/// Returns how many events are open after the notes.
std::size_t open_after(const endpoint_record& endpoint, const v1::NoteDeliveries& command) {
  std::map<event_place, bool> noted; // The last note of an event counts.
  for (const v1::DeliveryNote& note : command.notes())
    noted[place_in(note.event())] = note.state() == v1::DeliveryNote::OPEN;
  std::size_t open = endpoint.open.size();
  for (const auto& [place, is_open] : noted) {
    open -= endpoint.open.count(place);
    open += is_open ? 1 : 0;
  }
  return open;
}

/// The same, after a replay.
std::size_t open_after(const endpoint_record& endpoint, const v1::ReplayEvents& command) {
  if (command.dead()) // Invariant: none of them is open.
    return endpoint.open.size() + endpoint.dead.size();
  const bool is_more = command.has_event() && !endpoint.open.contains(place_in(command.event()));
  return endpoint.open.size() + (is_more ? 1 : 0);
}

bool is_good(const v1::DeliveryNote& note) {
  return note.event().index() != 0 && note.state() >= v1::DeliveryNote::OPEN &&
         note.state() <= v1::DeliveryNote::DEAD && note.problem().size() <= problem_bytes_max;
}

} // namespace

const endpoint_record* endpoint_book::find(const std::string& id) const {
  const auto found = endpoints_.find(id);
  return found == endpoints_.end() ? nullptr : &found->second;
}

endpoint_record& endpoint_book::changed(const std::string& id) {
  changed_.insert(id);
  return endpoints_.at(id);
}

// Endpoints --------------------------------------------------------------------------------------

refusal endpoint_book::check(const v1::PutEndpoint& command) const {
  if (command.is_new()) {
    if (const refusal why = check_new(command); why != refusal::none)
      return why;
    if (find(command.id()) != nullptr)
      return refusal::webhook_exists;
    return endpoints_.size() >= endpoints_max ? refusal::webhooks_exhausted : refusal::none;
  }
  if (find(command.id()) == nullptr)
    return refusal::webhook_not_found;
  const bool good_secret = command.secret().empty() || is_webhook_secret(command.secret());
  return good_secret && command.keep_old_ms() <= keep_old_ms_max && command.types().empty()
             ? refusal::none
             : refusal::command_malformed;
}

bool endpoint_book::changes_nothing(const v1::PutEndpoint& command) const {
  return !command.is_new() && command.secret().empty() &&
         (command.keeps_enabled() || command.enabled() == find(command.id())->facts.enabled());
}

void endpoint_book::apply(std::uint64_t index, log_time at, const v1::PutEndpoint& command) {
  endpoint_record& endpoint = endpoints_[command.id()];
  changed_.insert(command.id());
  v1::StoredEndpoint& facts = endpoint.facts;
  if (command.is_new()) {
    facts.set_id(command.id());
    facts.set_url(command.url());
    *facts.mutable_types() = command.types();
    facts.set_created_at_ns(at.nanoseconds);
    set(*facts.mutable_cursor(), {index, event_number_max}); // What happens from now on.
  }
  if (command.is_new() || !command.keeps_enabled()) {
    facts.set_enabled(command.enabled());
    if (command.enabled())
      facts.clear_disabled_reason();
  }
  if (!command.secret().empty()) {
    const auto old = facts.secrets();
    facts.clear_secrets();
    facts.add_secrets()->set_secret(command.secret());
    if (!old.empty() && command.keep_old_ms() != 0) {
      *facts.add_secrets() = old[0];
      facts.mutable_secrets(1)->set_until_ns(at.nanoseconds +
                                             command.keep_old_ms() * nanoseconds_per_millisecond);
    }
  }
  facts.set_revision(facts.revision() + 1);
}

refusal endpoint_book::check(const v1::RemoveEndpoint& command) const {
  return find(command.id()) == nullptr ? refusal::webhook_not_found : refusal::none;
}

void endpoint_book::apply(const v1::RemoveEndpoint& command) {
  endpoints_.erase(command.id());
  changed_.insert(command.id());
}

// Deliveries -------------------------------------------------------------------------------------

refusal endpoint_book::check(const v1::NoteDeliveries& command) const {
  const endpoint_record* endpoint = find(command.endpoint_id());
  if (endpoint == nullptr)
    return refusal::webhook_not_found;
  const bool is_well_formed = static_cast<std::size_t>(command.notes_size()) <= notes_max &&
                              command.disable_reason().size() <= problem_bytes_max &&
                              std::ranges::all_of(command.notes(), is_good);
  const std::size_t open_then = open_after(*endpoint, command);
  if (!is_well_formed || open_then > std::max(open_max, endpoint->open.size()))
    return refusal::command_malformed;
  const event_place from = place_in(command.from());
  const bool is_next = !command.has_after() || command.after() == endpoint->facts.noted();
  const bool is_based_on_this = is_next && command.revision() == endpoint->facts.revision() &&
                                from == place_in(endpoint->facts.cursor()) &&
                                !(place_in(command.cursor()) < from);
  return is_based_on_this ? refusal::none : refusal::delivery_superseded;
}

void endpoint_book::apply(const v1::NoteDeliveries& command) {
  endpoint_record& endpoint = changed(command.endpoint_id());
  *endpoint.facts.mutable_cursor() = command.cursor();
  endpoint.facts.set_noted(endpoint.facts.noted() + 1);
  for (const v1::DeliveryNote& note : command.notes()) {
    const event_place place = place_in(note.event());
    endpoint.open.erase(place);
    endpoint.dead.erase(place);
    if (note.state() == v1::DeliveryNote::DELIVERED)
      endpoint.facts.set_delivered(endpoint.facts.delivered() + 1);
    else
      (note.state() == v1::DeliveryNote::OPEN ? endpoint.open : endpoint.dead)[place] = note;
  }
  while (endpoint.dead.size() > dead_max)
    endpoint.dead.erase(endpoint.dead.begin());
  if (command.disable_reason().empty())
    return;
  endpoint.facts.set_enabled(false);
  endpoint.facts.set_disabled_reason(command.disable_reason());
  endpoint.facts.set_revision(endpoint.facts.revision() + 1);
}

refusal endpoint_book::check(const v1::ReplayEvents& command) const {
  const int ways = static_cast<int>(command.has_event()) + static_cast<int>(command.dead()) +
                   static_cast<int>(command.since_ns() != 0);
  if (ways != 1 || (command.has_event() && command.event().index() == 0))
    return refusal::command_malformed;
  const endpoint_record* endpoint = find(command.endpoint_id());
  if (endpoint == nullptr)
    return refusal::webhook_not_found;
  const std::size_t open_then = open_after(*endpoint, command);
  return open_then > std::max(open_max, endpoint->open.size()) ? refusal::deliveries_exhausted
                                                               : refusal::none;
}

bool endpoint_book::changes_nothing(const v1::ReplayEvents& command) const {
  return command.dead() && find(command.endpoint_id())->dead.empty();
}

void endpoint_book::apply(const v1::ReplayEvents& command) {
  endpoint_record& endpoint = changed(command.endpoint_id());
  const auto open_again = [&](const event_place& place) {
    v1::DeliveryNote& note = endpoint.open[place];
    note.Clear();
    set(*note.mutable_event(), place);
    note.set_state(v1::DeliveryNote::OPEN);
    endpoint.dead.erase(place);
  };
  if (command.has_event())
    open_again(place_in(command.event()));
  while (command.dead() && !endpoint.dead.empty())
    open_again(event_place{endpoint.dead.begin()->first});
  if (command.since_ns() != 0) {
    endpoint.facts.clear_cursor();
    endpoint.facts.set_since_ns(command.since_ns());
  }
  endpoint.facts.set_revision(endpoint.facts.revision() + 1);
}

// Rows -------------------------------------------------------------------------------------------

namespace {

v1::StoredEndpoint row_of(const endpoint_record& endpoint) {
  v1::StoredEndpoint row = endpoint.facts;
  for (const auto& [place, note] : endpoint.open)
    *row.add_open() = note;
  for (const auto& [place, note] : endpoint.dead)
    *row.add_dead() = note;
  return row;
}

} // namespace

std::vector<v1::StoredEndpoint> endpoint_book::stored() const {
  std::vector<v1::StoredEndpoint> rows;
  for (const auto& [id, endpoint] : endpoints_)
    rows.push_back(row_of(endpoint));
  return rows;
}

std::vector<ledger::kept_row> endpoint_book::take_changed_rows() {
  std::vector<ledger::kept_row> rows;
  for (const std::string& id : std::exchange(changed_, {})) {
    const endpoint_record* endpoint = find(id);
    rows.push_back({"w/" + id, endpoint == nullptr ? "" : row_of(*endpoint).SerializeAsString()});
  }
  return rows;
}

bool endpoint_book::restore(std::string_view key, std::string_view value) {
  if (value.empty())
    return true;
  endpoint_record endpoint;
  if (!endpoint.facts.ParseFromArray(value.data(), static_cast<int>(value.size())) ||
      key.substr(2) != endpoint.facts.id())
    return false;
  for (const v1::DeliveryNote& note : endpoint.facts.open())
    endpoint.open[place_in(note.event())] = note;
  for (const v1::DeliveryNote& note : endpoint.facts.dead())
    endpoint.dead[place_in(note.event())] = note;
  endpoint.facts.clear_open();
  endpoint.facts.clear_dead();
  const std::string id = endpoint.facts.id();
  return endpoints_.emplace(id, std::move(endpoint)).second;
}

// What callers see -------------------------------------------------------------------------------

v1::Webhook view_of(const endpoint_record& endpoint) {
  v1::Webhook out;
  out.set_id(endpoint.facts.id());
  out.set_url(endpoint.facts.url());
  *out.mutable_types() = endpoint.facts.types();
  out.set_enabled(endpoint.facts.enabled());
  out.set_disabled_reason(endpoint.facts.disabled_reason());
  out.set_created_at_ns(endpoint.facts.created_at_ns());
  if (endpoint.facts.cursor().index() != 0)
    out.set_cursor(event_id_of(place_in(endpoint.facts.cursor())));
  out.set_delivered(endpoint.facts.delivered());
  out.set_open(static_cast<std::uint32_t>(endpoint.open.size()));
  out.set_dead(static_cast<std::uint32_t>(endpoint.dead.size()));
  out.set_secrets(static_cast<std::uint32_t>(endpoint.facts.secrets_size()));
  return out;
}

v1::ListDeliveriesReply deliveries_of(const endpoint_record& endpoint) {
  v1::ListDeliveriesReply reply;
  const auto add = [&](const v1::DeliveryNote& note, const char* state) {
    if (static_cast<std::size_t>(reply.data_size()) == deliveries_shown)
      return reply.set_has_more(true);
    v1::Delivery& row = *reply.add_data();
    row.set_event_id(event_id_of(place_in(note.event())));
    row.set_state(state);
    row.set_attempts(note.attempts());
    row.set_next_at_ns(note.next_at_ns());
    row.set_last_status(note.status());
    row.set_problem(note.problem());
  };
  for (const auto& [place, note] : endpoint.open)
    add(note, "open");
  for (const auto& [place, note] : endpoint.dead)
    add(note, "dead");
  return reply;
}

} // namespace ducat::payment

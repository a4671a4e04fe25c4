#include "sim/sim_terminals.hpp"

#include "sim/client_request.hpp"

#include <ducat/iso8583/elements.hpp>

#include <cstdio>
#include <utility>

namespace ducat::cli {

using namespace std::chrono_literals;
using iso8583::message;

namespace {

constexpr const char* ids[] = {"TERM1001", "TERM1002"};
constexpr const char* transmitted_at = "0101120000"; ///< The trace number names a message.
constexpr duration terminal_patience = 1'500ms;
constexpr duration reconnect_pause = 100ms;
constexpr std::uint64_t way_max_ns = 4'000'000;
constexpr std::uint64_t between_payments_max_ns = 400'000'000;

std::string digits(const char* form, std::uint64_t number) {
  char text[32];
  std::snprintf(text, sizeof text, form, static_cast<unsigned long long>(number));
  return text;
}

std::string text_in(const message& of, int field) {
  return std::string{of.find(field).value_or("")};
}

/// As the gateway makes it: docs/gateway.md.
std::string key_of(const message& payment) {
  return "iso:2:" + text_in(payment, 41) + ":" + text_in(payment, 7) + ":" + text_in(payment, 11);
}

/// What the gateway asks for, as it stands on record.
std::string body_of(const message& payment, const std::string& from, const std::string& to,
                    std::int64_t amount) {
  const std::string stan = text_in(payment, 11);
  return body_hash(payment_body{.from = from,
                                .to = to,
                                .amount = amount,
                                .currency = "EUR",
                                .metadata = {{"stan", stan}, {"transmitted_at", transmitted_at}}});
}

} // namespace

/// A connection of one terminal to one node.
class sim_terminals::line final : public gateway::peer {
public:
  line(sim_terminals& of, std::size_t which) : of_{of}, which_{which} {}

  void send(const message& what) override {
    if (!*is_open_)
      return;
    const duration way{static_cast<duration::rep>(1 + of_.on_.draw(way_max_ns))};
    of_.on_.after(way, [&of = of_, which = which_, what, open = is_open_] {
      if (*open)
        of.hear(which, what);
    });
  }

  bool is_open() const noexcept override { return *is_open_; }

  void close() { *is_open_ = false; }

private:
  sim_terminals& of_;
  const std::size_t which_;
  std::shared_ptr<bool> is_open_ = std::make_shared<bool>(true);
};

gateway::roster simulated_roster(const std::string& from, const std::string& to) {
  std::vector<gateway::terminal_profile> known;
  for (const char* id : ids)
    known.push_back({.id = id, .from = from, .to = to, .currency = "EUR"});
  return gateway::roster::make(std::move(known)).value();
}

sim_terminals::~sim_terminals() {
  for (const terminal& each : terminals_)
    if (each.over != nullptr)
      each.over->close();
}

void sim_terminals::begin(std::uint64_t count, const std::string& from, const std::string& to) {
  from_ = from;
  to_ = to;
  for (const char* id : ids)
    terminals_.push_back({.id = id, .left = count});
  for (std::size_t which = 0; which < terminals_.size(); ++which)
    next(which);
}

bool sim_terminals::is_done() const noexcept {
  for (const terminal& each : terminals_)
    if (!each.is_done)
      return false;
  return true;
}

// One payment after another ----------------------------------------------------------------------

void sim_terminals::next(std::size_t which) {
  terminal& of = terminals_[which];
  of.is_done = of.left == 0;
  if (of.is_done)
    return;
  --of.left;
  on_.after(duration{static_cast<duration::rep>(on_.draw(between_payments_max_ns))},
            [this, which] { connect(which, [this, which] { pay(which); }); });
}

/// Signs on at a node, until one answers.
void sim_terminals::connect(std::size_t which, std::function<void()> then) {
  terminal& of = terminals_[which];
  if (of.over != nullptr)
    of.over->close();
  of.over = std::make_shared<line>(*this, which);
  of.node = on_.nodes()[on_.draw(on_.nodes().size())];
  message sign_on = begun(of, "0800");
  sign_on.set(70, "001");
  ask(which, std::move(sign_on), [this, which, then = std::move(then)](const message* answer) {
    if (answer != nullptr)
      return then();
    on_.after(reconnect_pause, [this, which, then] { connect(which, then); });
  });
}

message sim_terminals::begun(terminal& of, const char* mti) {
  message made{mti};
  made.set(7, transmitted_at);
  made.set(11, digits("%06llu", ++of.stan));
  made.set(41, of.id);
  return made;
}

sim_terminals::told& sim_terminals::told_of(const terminal& of) {
  return told_[key_of(of.payment)];
}

void sim_terminals::pay(std::size_t which) {
  terminal& of = terminals_[which];
  const auto amount = static_cast<std::int64_t>(10 + on_.draw(90));
  message payment = begun(of, "0200");
  payment.set(2, simulated_card);
  payment.set(3, "000000");
  payment.set(4, *iso8583::amount_text(amount));
  payment.set(49, "978");
  of.payment = payment;
  add_invocation(record_, {operation_kind::payment, key_of(payment)},
                 body_of(payment, from_, to_, amount));
  ask(which, std::move(payment), [this, which](const message* answer) {
    const bool is_approved = answer != nullptr && text_in(*answer, 39) == "00";
    told_of(terminals_[which]) = answer == nullptr ? told::nothing
                                 : is_approved     ? told::approved
                                                   : told::refused;
    if (answer == nullptr)
      return connect(which, [this, which] { take_back(which); });
    is_approved&& on_.draw(6) == 0 ? take_back(which) : next(which);
  });
}

/// Under one trace number, however often.
void sim_terminals::take_back(std::size_t which) {
  terminal& of = terminals_[which];
  told_of(of) = told::nothing;
  message reversal = begun(of, "0420");
  for (const int field : {3, 4, 49})
    reversal.set(field, text_in(of.payment, field));
  reversal.set(90, *iso8583::to_text(*iso8583::original_data_of(of.payment)));
  of.asked = reversal;
  ask(which, std::move(reversal),
      [this, which](const message* answer) { hear_taken_back(which, answer); });
}

void sim_terminals::hear_taken_back(std::size_t which, const message* answer) {
  if (answer == nullptr) {
    const message reversal = terminals_[which].asked;
    return connect(which, [this, which, reversal] {
      ask(which, reversal, [this, which](const message* told) { hear_taken_back(which, told); });
    });
  }
  const std::string code = text_in(*answer, 39);
  if (code == "00" || code == "21") // It was taken back before, or before it came.
    told_of(terminals_[which]) = told::taken_back;
  next(which);
}

// Asking -----------------------------------------------------------------------------------------

void sim_terminals::ask(std::size_t which, message what,
                        std::function<void(const message*)> answered) {
  terminal& of = terminals_[which];
  of.asked = what;
  of.answered = std::move(answered);
  const std::uint64_t turn = ++of.turn;
  std::ignore = on_.ask_later(of.node, "iso8583/desk",
                              caf::make_message(gateway::heard{.from = of.over, .what = what}));
  on_.after(terminal_patience, [this, which, turn] {
    terminal& late = terminals_[which];
    if (late.turn != turn)
      return;
    ++late.turn;
    std::exchange(late.answered, {})(nullptr);
  });
}

void sim_terminals::hear(std::size_t which, const message& what) {
  terminal& of = terminals_[which];
  const bool is_answer = of.answered && text_in(what, 11) == text_in(of.asked, 11) &&
                         what.mti().substr(0, 2) == of.asked.mti().substr(0, 2);
  if (!is_answer)
    return;
  ++of.turn;
  std::exchange(of.answered, {})(&what);
}

// What they were told ----------------------------------------------------------------------------

std::vector<std::string> sim_terminals::violations(const std::vector<v1::Payment>& payments) const {
  std::map<std::string, const v1::Payment*> by_id;
  for (const v1::Payment& each : payments)
    by_id.emplace(each.id(), &each);
  std::vector<std::string> wrong;
  for (const auto& [key, last] : told_) {
    const auto found = by_id.find(payment_id_of(key));
    const bool stands = found != by_id.end() && found->second->captured() > 0 &&
                        found->second->captured() > found->second->refunded();
    const std::string name =
        found == by_id.end() ? "not there" : v1::Payment::State_Name(found->second->state());
    if (last == told::approved && !stands)
      wrong.push_back("its terminal was told that " + key + " is approved, and it is " + name);
    if ((last == told::refused || last == told::taken_back) && stands)
      wrong.push_back("its terminal was told that " + key + " is not paid, and it is " + name);
  }
  return wrong;
}

} // namespace ducat::cli

#include "sim/sim_acquirer.hpp"

#include "sim/sim_clock.hpp"

#include <ducat/iso8583/codec.hpp>
#include <ducat/iso8583/framer.hpp>

#include <algorithm>
#include <utility>

namespace ducat::cli {

using namespace std::chrono_literals;
using acquirer::fault_kind;

namespace {

constexpr const char* spoken = "ascii87";
constexpr std::uint64_t way_min_ns = 500'000;
constexpr std::uint64_t way_more_ns = 4'000'000;
constexpr std::uint64_t mistakes_max = 4;     ///< Kinds of them, in one run.
constexpr std::uint64_t mistake_percent = 25; ///< Of the requests, at most, for each.
constexpr std::uint64_t breaks_apart_ns = 3'000'000'000;
constexpr std::uint64_t break_max_ns = 900'000'000;

} // namespace

/// Both ends of a stream of bytes: what is written arrives, in order, unless it breaks meanwhile.
class sim_acquirer::connection final : public device::link_socket,
                                       public std::enable_shared_from_this<connection> {
public:
  connection(std::shared_ptr<sim_acquirer> to, const iso8583::dialect& with,
             std::function<void(device::socket_news)> tell)
      : to_{std::move(to)}, at_host_{with}, at_link_{with}, tell_{std::move(tell)} {}

  void connect() {
    carry([](connection& me) { me.tell_(device::socket_connected{}); });
  }

  void write(std::string bytes) override {
    carry([bytes = std::move(bytes)](connection& me) { me.arrive(bytes); });
  }

  void close() override { is_open_ = false; }

  /// Ends it, and tells the link.
  void end(const std::string& why) {
    if (std::exchange(is_open_, false))
      tell_(device::socket_ended{why});
  }

private:
  /// `what` happens when it has arrived. A way that is dead carries nothing.
  void carry(std::function<void(connection&)> what, duration later = {}) {
    testing::sim_cluster* const on = to_->on_;
    if (on == nullptr || !is_open_ || on->now() < to_->dead_until_)
      return;
    const duration way{static_cast<duration::rep>(way_min_ns + on->draw(way_more_ns))};
    const time_point due = std::max(on->now() + later + way, newest_);
    newest_ = later == duration{} ? due : newest_;
    on->after(due - on->now(), [me = shared_from_this(), what = std::move(what)] {
      if (me->is_open_)
        what(*me);
    });
  }

  void arrive(const std::string& bytes) {
    at_host_.feed(bytes);
    for (auto next = at_host_.next(); next && *next; next = at_host_.next())
      serve(**next);
  }

  void serve(const std::string& payload) {
    to_->note(payload);
    const auto now_ms = static_cast<std::int64_t>(
        testing::simulated_log_time(to_->on_->now()).nanoseconds / 1'000'000);
    for (acquirer::sending& each : to_->host_.receive(session_, payload, now_ms).sendings)
      carry(
          [what = std::move(each)](connection& me) {
            what.closes ? me.end("the host has hung up") : me.hear(what.frame);
          },
          each.after);
  }

  void hear(const std::string& frame) {
    at_link_.feed(frame);
    auto next = at_link_.next();
    for (; next && *next; next = at_link_.next())
      if (!(*next)->empty())
        tell_(device::socket_frame{std::move(**next)});
    if (!next && std::exchange(is_open_, false))
      tell_(device::socket_unreadable{to_string(next.error())});
  }

  std::shared_ptr<sim_acquirer> to_;
  iso8583::framer at_host_;
  iso8583::framer at_link_;
  acquirer::session session_;
  std::function<void(device::socket_news)> tell_;
  time_point newest_{}; ///< When what was sent last arrives.
  bool is_open_ = true;
};

sim_acquirer::sim_acquirer(std::uint64_t seed) : host_{*iso8583::find_dialect(spoken), seed} {}

void sim_acquirer::enter(testing::sim_cluster& on) {
  on_ = &on;
}

std::shared_ptr<device::link_socket>
sim_acquirer::open(const device::link_config& config,
                   std::function<void(device::socket_news)> tell) {
  auto made = std::make_shared<connection>(shared_from_this(), config.dialect, std::move(tell));
  if (on_ == nullptr || on_->now() < dead_until_) {
    made->end("nobody is there");
    return made;
  }
  connections_.push_back(made);
  made->connect();
  return made;
}

/// What is not answered is taken back, and never sent again: whoever counts on that has no other
/// way to know a repeat from a second purchase.
void sim_acquirer::note(const std::string& payload) {
  const auto what = iso8583::decode(*iso8583::find_dialect(spoken), payload);
  if (!what || (what->mti() != "0100" && what->mti() != "0200"))
    return;
  const std::string reference{what->find(37).value_or("")};
  if (!sent_.insert(reference).second)
    sent_again_.push_back("attempt " + reference + " was sent to the acquirer again");
}

// Mistakes ---------------------------------------------------------------------------------------

void sim_acquirer::draw_mistakes() {
  const auto& kinds = acquirer::all_fault_kinds();
  for (std::uint64_t left = on_->draw(mistakes_max + 1); left > 0; --left) {
    acquirer::fault_rule rule{.kind = kinds[on_->draw(kinds.size())]};
    rule.percent = static_cast<std::uint32_t>(1 + on_->draw(mistake_percent));
    rule.mti = rule.kind == fault_kind::decline || rule.kind == fault_kind::late_approval ||
                       rule.kind == fault_kind::wrong_amount
                   ? "0x00"
                   : "";
    rule.after = std::chrono::milliseconds{50 + on_->draw(2'500)};
    rule.how = static_cast<acquirer::garbling>(on_->draw(4));
    rule.code = on_->draw(4) == 0 ? "91" : "05"; // 91 says nothing of the card.
    host_.script().add(std::move(rule));
  }
}

void sim_acquirer::disturb(duration time) {
  draw_mistakes();
  break_next(on_->now() + time);
}

/// Connections end; then nothing gets through for a while, not even that.
void sim_acquirer::break_next(time_point until) {
  on_->after(duration{static_cast<duration::rep>(1 + on_->draw(breaks_apart_ns))}, [this, until] {
    if (on_ == nullptr || on_->now() >= until)
      return;
    if (on_->draw(2) == 0)
      break_connections();
    else
      dead_until_ = on_->now() + duration{static_cast<duration::rep>(on_->draw(break_max_ns))};
    break_next(until);
  });
}

void sim_acquirer::break_connections() {
  for (const auto& each : std::exchange(connections_, {}))
    if (const auto still = each.lock())
      still->end("the connection broke");
}

void sim_acquirer::heal() {
  host_.script().clear();
  dead_until_ = {};
  break_connections(); // Something on them may have been lost.
}

// The way to it ----------------------------------------------------------------------------------

card_link link_to(const std::shared_ptr<sim_acquirer>& to, const node& n, bool holds) {
  device::link_config link{
      .name = sim_acquirer_name + "-link", .host = "acquirer", .port = 1, .plain = true};
  link.dialect = *iso8583::find_dialect(spoken);
  link.options.answer_timeout = 700ms;
  link.options.connect_timeout = link.options.sign_on_timeout = 500ms;
  link.options.echo_every = 2s;
  link.options.echo_timeout = 500ms;
  link.options.backoff = {.initial = 50ms, .max = 500ms};
  link.options.grey.pause = 2s;
  link.seed = 1;
  link.dialer = to;
  link.now = sim_clock_of(n);
  card_link made;
  made.name = sim_acquirer_name;
  made.links.push_back(std::move(link));
  made.known_as.mti = holds ? "0100" : "0200";
  made.known_as.terminal = "TERM0001";
  made.known_as.merchant = "MERCHANT0000001";
  return made;
}

} // namespace ducat::cli

#include "bench/cards/card_nemesis.hpp"

#include "demo/node_calls.hpp"

#include <algorithm>
#include <thread>

namespace ducat::cli {

namespace {

using std::chrono::steady_clock;

/// When something happens next.
class timetable {
public:
  timetable(steady_clock::time_point begin, duration every)
      : every_{every},
        next_{every == duration::zero() ? steady_clock::time_point::max() : begin + every} {}

  steady_clock::time_point next() const noexcept { return next_; }

  bool is_due() {
    if (steady_clock::now() < next_)
      return false;
    next_ = std::max(next_ + every_, steady_clock::now());
    return true;
  }

private:
  duration every_;
  steady_clock::time_point next_;
};

void hit(const std::string& endpoint, const card_blow& blow) {
  if (blow.is_point)
    (void)arm_point(endpoint, blow.target);
  else
    (void)crash_child(endpoint, blow.target);
}

} // namespace

const std::vector<card_blow>& card_blows() {
  static const std::vector<card_blow> all{
      {true, "payment.before_first_step"},
      {false, "acquirers/acme"},
      {true, "payment.after_create"},
      {false, "payments/w1"},
      {true, "payment.after_send"},
      {false, "acquirers/saf"},
      {true, "payment.after_answer"},
      {true, "link.before_write"},
      {true, "payment.after_resolve"},
      {false, "acquirers/acme-link"},
      {true, "payment.after_resolve"},
      {true, "link.after_write"},
      {false, "payments/w2"},
      {true, "link.before_answer"},
      {true, "durable.before_append"},
      {false, "acquirers/saf"},
      {true, "durable.after_append"},
      {false, "ledger"},
  };
  return all;
}

std::vector<std::string> mixed_faults() {
  return {"drop_request:every=307",
          "drop_answer:every=311",
          "duplicate:percent=2",
          "garble:every=10007",
          "garble:how=stan,every=2003",
          "wrong_amount:mti=0200,every=211",
          "decline:code=51,percent=5",
          "late_approval:mti=0200,every=503,after=2s",
          "delay:percent=1,after=100ms",
          "disconnect:every=20021",
          "garble:how=length,every=20011,times=5",
          "drop_answer:mti=042x,every=13",
          "half_dead:every=50021"};
}

result<blows_done> break_cards(card_world& world, const card_nemesis_options& options) {
  blows_done done;
  const auto begin = steady_clock::now();
  const auto end = begin + options.time;
  timetable crashes{begin, options.crash_every};
  timetable kills{begin, options.kill_every};
  for (;;) {
    std::this_thread::sleep_until(std::min({end, crashes.next(), kills.next()}));
    if (steady_clock::now() >= end)
      return done;
    if (kills.is_due()) {
      if (const auto back = world.kill_node(); !back)
        return tl::unexpected(back.error());
      ++done.kills;
    }
    if (crashes.is_due())
      hit(world.endpoint(), card_blows()[done.crashes++ % card_blows().size()]);
  }
}

} // namespace ducat::cli

#include "sim/sim_receiver.hpp"

#include "sim/sim_clock.hpp"

#include <ducat/webhook/delivery_actor.hpp>
#include <ducat/webhook/signature.hpp>

#include <algorithm>
#include <charconv>
#include <utility>

namespace ducat::cli {

using webhook::attempt_answer;
using webhook::post_request;

namespace {

const std::string secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
constexpr std::uint64_t answer_max_ns = 60'000'000;
constexpr std::size_t tries_max = 1'000;
constexpr std::uint64_t try_again_after_ns = 200'000'000;
constexpr duration no_answer_after = std::chrono::milliseconds{800};

std::string header_of(const post_request& what, std::string_view name) {
  const auto found =
      std::ranges::find(what.headers, name, &std::pair<std::string, std::string>::first);
  return found == what.headers.end() ? "" : found->second;
}

bool is_signed(const post_request& what) {
  const std::string id = header_of(what, "webhook-id");
  const std::string at = header_of(what, "webhook-timestamp");
  std::uint64_t seconds = 0;
  std::from_chars(at.data(), at.data() + at.size(), seconds);
  return header_of(what, "webhook-signature") ==
         webhook::signature_of({.id = id, .timestamp_s = seconds, .body = what.body}, secret);
}

} // namespace

/// One in eight is not heard, is heard and not answered, or is refused.
void sim_receiver::post(post_request what, std::function<void(attempt_answer)> tell) {
  if (on_ == nullptr)
    return tell({.problem = "nobody is there"});
  const std::uint64_t mishap = is_well_ ? 8 : on_->draw(24);
  const duration way{static_cast<duration::rep>(1 + on_->draw(answer_max_ns))};
  on_->after(way, [this, what = std::move(what), tell = std::move(tell), mishap] {
    if (mishap == 1)
      return tell({.status = 503, .problem = "503"});
    const attempt_answer answer = mishap == 0 ? attempt_answer{} : receive(what);
    if (mishap > 2)
      return tell(answer);
    on_->after(no_answer_after, [tell] { tell({.problem = "no answer in time"}); });
  });
}

attempt_answer sim_receiver::receive(const post_request& what) {
  if (!is_signed(what))
    wrong_.push_back("event " + header_of(what, "webhook-id") + " is not signed as it must be");
  taken_.emplace(header_of(what, "webhook-id"), taken_.size());
  return {.status = 200};
}

bool sim_receiver::has_all(const std::vector<v1::Event>& events) const {
  return std::ranges::all_of(events,
                             [this](const v1::Event& each) { return taken_.contains(each.id()); });
}

std::vector<std::string> sim_receiver::violations(const std::vector<v1::Event>& events) const {
  std::vector<std::string> wrong = wrong_;
  std::map<std::string, std::size_t> before; // When the newest one came, by payment.
  std::size_t known = 0;
  for (const v1::Event& each : events) {
    const auto found = taken_.find(each.id());
    if (found == taken_.end()) {
      wrong.push_back("event " + each.id() + " was not delivered");
      continue;
    }
    ++known;
    const auto [last, is_first] = before.emplace(each.payment_id(), found->second);
    if (!is_first && last->second > found->second)
      wrong.push_back("event " + each.id() + " came before the one before it");
    last->second = found->second;
  }
  if (known < taken_.size())
    wrong.push_back(std::to_string(taken_.size() - known) + " events came that nobody has made");
  return wrong;
}

v1::Command simulated_endpoint() {
  v1::Command command;
  v1::PutEndpoint& made = *command.mutable_put_endpoint();
  made.set_id("we_1");
  made.set_url("https://shop.example/events");
  made.set_secret(secret);
  made.set_enabled(true);
  made.set_is_new(true);
  return command;
}

child_spec simulated_delivery(const std::shared_ptr<sim_receiver>& to, const handle& ledger,
                              const node& n) {
  webhook::delivery_options options;
  options.rules.schedule_ns.assign(tries_max, try_again_after_ns);
  options.rules.schedule_ns.front() = 0;
  options.rules.pause_ns = options.rules.pause_max_ns = try_again_after_ns;
  options.look_every = std::chrono::milliseconds{300};
  options.delivers_here = [to, node = n.id()] { return to->is_delivered_by(node); };
  options.now = sim_clock_of(n);
  options.through = to;
  return {.id = "webhooks",
          .start = start(webhook::delivery_actor, ledger, options),
          .backoff = {.initial = std::chrono::milliseconds{100}, .max = std::chrono::seconds{1}}};
}

} // namespace ducat::cli

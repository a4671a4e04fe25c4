/// What holds of every pool, whatever its workers, its callers and its operator do.
#include "routing/pool_test.hpp"
#include "routing/seed.hpp"

#include <ducat/dynamic_children.hpp>
#include <ducat/inject.hpp>
#include <ducat/spawn.hpp>

#include <map>
#include <ostream>
#include <set>

namespace ducat {
namespace {

/// What a worker tells itself when it is time to answer.
struct answer_due {
  int request;
  caf::typed_response_promise<int> caller;
};

} // namespace
} // namespace ducat

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(ducat::answer_due)

namespace ducat {
namespace {

using namespace std::chrono_literals;
using test::virtual_tree;

constexpr int callers = 1'500;
constexpr std::size_t in_flight_bound = 3;

/// What all workers of a pool have seen.
struct evidence {
  std::map<int, std::set<int>> lives_of;         // Which lives have seen a request.
  std::map<int, std::map<int, time_point>> held; // By life: requests and deadlines.
  std::size_t most_held = 0;                     // By one life at a time.
  int lives = 0;
};

enum class mood : int { answers, answers_late, never_answers, crashes };

/// What a worker does with a request; the same each time, so that a request that crashes its worker
/// crashes the next one too.
mood mood_of(int request) {
  const int roll = request * 7919 % 100;
  if (roll < 60)
    return mood::answers;
  if (roll < 80)
    return mood::answers_late;
  return roll < 92 ? mood::never_answers : mood::crashes;
}

void take(evidence& all, int life, int request, time_point deadline, time_point now) {
  all.lives_of[request].insert(life);
  auto& held = all.held[life];
  // At its deadline a request counts no more, though the worker may not know.
  std::erase_if(held, [now](const auto& each) { return each.second <= now; });
  held.emplace(request, deadline);
  all.most_held = std::max(all.most_held, held.size());
}

caf::behavior unruly(caf::event_based_actor* self, const std::shared_ptr<evidence>& all) {
  const int life = ++all->lives;
  return {[=](int request, std::int64_t deadline) -> caf::result<int> {
            take(*all, life, request, time_point{duration{deadline}}, self->clock().now());
            switch (mood_of(request)) {
            case mood::answers:
              all->held[life].erase(request);
              return request;
            case mood::crashes:
              throw std::runtime_error("crashed with it");
            case mood::answers_late: {
              auto promise = self->make_response_promise<int>();
              self->delayed_send(self, std::chrono::milliseconds{1 + request % 30},
                                 answer_due{request, promise});
              return promise;
            }
            case mood::never_answers:
              return self->make_response_promise<int>();
            }
            return request;
          },
          [=](answer_due& due) {
            all->held[life].erase(due.request);
            due.caller.deliver(due.request);
          }};
}

struct setting {
  route policy;
  std::uint32_t retries_max;
};

std::ostream& operator<<(std::ostream& out, const setting& value) {
  return out << value.policy << "_retries_" << value.retries_max;
}

class RouterPropertyTest : public test::pool_test, public ::testing::WithParamInterface<setting> {
protected:
  supervisor_spec spec() {
    return pool_of(start(unruly, all_), {.size = 4,
                                         .policy = GetParam().policy,
                                         .restarts_max = 1'000'000,
                                         .in_flight_max = in_flight_bound,
                                         .pending_max = 40,
                                         .retries_max = GetParam().retries_max});
  }

  void call(virtual_tree& tree, int request, duration within) {
    spawn_function(tree.system().get(), [=, this, &tree](caf::event_based_actor* self) {
      const time_point deadline = tree.system().now() + within;
      const std::int64_t ticks = deadline.time_since_epoch().count();
      self->request(
              tree.find("pool").current(), caf::infinite,
              make_routed_by_key(deadline, static_cast<std::uint64_t>(request), request, ticks))
          .then([this, request](int) { ++answers_[request]; },
                [this, request](const caf::error& why) {
                  ++answers_[request];
                  ++refusals_[error_of(why).code];
                });
    });
  }

  /// Somebody crashes a worker, or makes the pool smaller or greater.
  void disturb(virtual_tree& tree) {
    const auto what = random_() % 30;
    if (what < 3)
      std::ignore =
          inject(tree.find("pool/w" + std::to_string(1 + random_() % 6)), fault_kind::crash, 0ms);
    else if (what == 3)
      tree.system().ask<change_reply>(tree.find("pool").own(),
                                      resize_pool(static_cast<std::uint32_t>(1 + random_() % 6)));
  }

  const std::uint64_t seed_ = test::seed_of_this_run();
  std::mt19937_64 random_{seed_};
  std::shared_ptr<evidence> all_ = std::make_shared<evidence>();
  std::map<int, int> answers_; // How many each caller has got.
  std::map<errc, int> refusals_;
};

TEST_P(RouterPropertyTest, AnswersEachCallerOnceAndKeepsItsBounds) {
  SCOPED_TRACE("DUCAT_SEED=" + std::to_string(seed_));
  virtual_tree tree{spec()};
  for (int request = 1; request <= callers; ++request) {
    call(tree, request, std::chrono::milliseconds{1 + random_() % 100});
    disturb(tree);
    if (random_() % 3 == 0)
      tree.system().advance(std::chrono::milliseconds{random_() % 10});
  }
  tree.system().advance(1s);
  ASSERT_EQ(answers_.size(), static_cast<std::size_t>(callers));
  for (const auto& [caller, count] : answers_)
    ASSERT_EQ(count, 1) << "caller " << caller;
  EXPECT_EQ(all_->most_held, in_flight_bound); // Reached, and never exceeded.
  std::size_t most_lives = 0;
  for (const auto& [request, lives] : all_->lives_of)
    most_lives = std::max(most_lives, lives.size());
  EXPECT_EQ(most_lives, GetParam().retries_max + 1);
  EXPECT_EQ(tree.letters().count(dead_letter_cause::poison) > 0, GetParam().retries_max > 0);
  EXPECT_GT(refusals_[errc::overloaded], 0);
}

INSTANTIATE_TEST_SUITE_P(
    Policies, RouterPropertyTest,
    ::testing::Values(setting{route::round_robin, 0}, setting{route::round_robin, 2},
                      setting{route::random, 0}, setting{route::random, 2},
                      setting{route::least_requests, 0}, setting{route::least_requests, 2},
                      setting{route::power_of_two_choices, 2}, setting{route::by_key, 2}),
    ::testing::PrintToStringParamName());

} // namespace
} // namespace ducat

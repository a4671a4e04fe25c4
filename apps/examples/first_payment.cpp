// A tip jar as an actor: it is crashed after the money moved, and pays once.
// The part between the markers is the listing in README.md; a test keeps the two the same.

// [listing]
#include <ducat/ducat.hpp>
#include <ducat/payment/machine.hpp>
#include <ducat/payment/payment_actor.hpp>
using namespace std::chrono_literals;
namespace pay = ducat::payment;

inline ducat::fault_point after_step{"tips.after_step"}; // committed, and nobody told

struct tip_run { // one tip on its way: decide, commit, act
  caf::event_based_actor* self;
  ducat::handle ledger;
  caf::response_promise promise;

  void take(const ducat::v1::Command& step) {
    pay::commit_step(self, ledger, step, 2s,
                     [run = *this, step](ducat::result<pay::paid> done) mutable {
                       if (!done)
                         return run.promise.deliver(ducat::to_caf(done.error()));
                       after_step.hit();
                       if (auto next = pay::step_after(step, done->outcome))
                         return run.take(*next);
                       run.promise.deliver(*done);
                     });
  }
};

caf::behavior tip_jar(caf::event_based_actor* self, const ducat::handle& ledger) {
  return {[=](const pay::pay& tip) {
    tip_run run{self, ledger, self->make_response_promise()};
    run.take(tip.first);
    return run.promise;
  }};
}

void tips(ducat::node& node) { // production and tests run this same function
  const auto ledger = node.replicate("ledger", pay::make_machine);
  node.supervise({.strategy = ducat::one_for_one, .restarts_max = 5, .window = 10s},
                 {{.id = "tips", .start = ducat::start(tip_jar, ledger), .shutdown = 2s}});
}

#ifndef DUCAT_TESTING
int main(int argc, char** argv) {
  return ducat::run(argc, argv, tips);
}
#endif
// [listing]

// A tip jar as an actor: it is crashed after the money moved, and pays once.
// The part between the markers is the listing in README.md; a test keeps the two the same.

// [listing]
#include <ducat/ducat.hpp>
#include <ducat/payment/machine.hpp>
#include <ducat/payment/payment_actor.hpp>
using namespace std::chrono_literals;
namespace pay = ducat::payment;

inline ducat::fault_point after_step{"tips.after_step"}; // committed, and nobody told

caf::behavior tip_jar(caf::event_based_actor* self, const ducat::handle& ledger) {
  return {[=](const pay::pay& tip) {
    auto promise = self->make_response_promise();
    pay::run_steps( // decide, commit, act: create, authorise, capture
        self, ledger, tip, [](const ducat::v1::Command&) { after_step.hit(); },
        [=](ducat::result<pay::paid> done) mutable {
          done ? promise.deliver(*done) : promise.deliver(ducat::to_caf(done.error()));
        });
    return promise;
  }};
}

void tips(ducat::node& node) { // production and tests run this same function
  const auto ledger = node.replicate("ledger", pay::make_machine);
  node.supervise({.strategy = ducat::one_for_one, .restarts_max = 5, .window = 10s},
                 {{.id = "tips",
                   .start = ducat::start(tip_jar, ledger),
                   .pool = ducat::pool_spec{.size = 8, .policy = ducat::route::least_requests}}});
}

#ifndef DUCAT_TESTING
int main(int argc, char** argv) {
  return ducat::run(argc, argv, tips);
}
#endif
// [listing]

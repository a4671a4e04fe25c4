/// The way from an edge's thread into the actors and back.
#pragma once

#include "api/service.hpp"

#include <ducat/child_spec.hpp>
#include <ducat/error.hpp>
#include <ducat/handle.hpp>

#include <caf/allowed_unsafe_message_type.hpp>

#include <atomic>
#include <functional>
#include <memory>

namespace ducat::api {

/// Work that a gateway actor does on behalf of an edge, such as asking another actor.
struct task {
  std::function<void(caf::event_based_actor*)> run;
};

/// Returns the start of a gateway: an actor that runs tasks.
child_start gateway();

/// To be called by an edge's thread that has spawned an actor: CAF takes it for one of the system's
/// from then on, and the end of the system would wait for the end of the thread.
void leave_actor_system();

/// Returns the typed error that an edge answers for a technical failure.
v1::Error error_of(const error& what);

/// Answers exactly once: the first answer counts, and if every copy is gone without one, because
/// the actor that held it died, the outcome is unknown. Copies share one answer. Safe from any
/// thread.
template <class T>
class answer_once {
public:
  explicit answer_once(respond<T> to) : shared_{std::make_shared<shared>(std::move(to))} {}

  void operator()(reply<T> answer) const { shared_->answer(std::move(answer)); }

private:
  struct shared {
    explicit shared(respond<T> t) : to{std::move(t)} {}

    shared(const shared&) = delete;
    shared& operator=(const shared&) = delete;

    ~shared() {
      answer(tl::unexpected(
          error_of({errc::outcome_unknown, "the actor that worked on the request went down"})));
    }

    void answer(reply<T> value) {
      if (!answered.exchange(true))
        to(std::move(value));
    }

    respond<T> to;
    std::atomic<bool> answered{false};
  };

  std::shared_ptr<shared> shared_;
};

} // namespace ducat::api

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(ducat::api::task)

#include "bare_supervisor.hpp"

#include "restart_client.hpp"

#include <ducat/spawn.hpp>

#include <caf/event_based_actor.hpp>

#include <unordered_map>

namespace ducat::bench {

namespace {

/// Ends with its exception and prints nothing.
caf::behavior quiet_victim(caf::event_based_actor* self) {
  self->set_exception_handler(
      [](std::exception_ptr&) { return caf::error{caf::sec::runtime_error}; });
  return victim(self);
}

} // namespace

caf::behavior bare_supervisor(caf::event_based_actor* self, std::shared_ptr<places> where) {
  auto place_of = std::make_shared<std::unordered_map<caf::actor_addr, std::size_t>>();
  const auto put = [=](std::size_t place) {
    const auto life = spawn_function<caf::monitored>(*self, quiet_victim);
    (*place_of)[life.address()] = place;
    where->put(place, life);
  };
  self->set_down_handler([=](caf::down_msg& down) {
    const auto gone = place_of->extract(down.source);
    put(gone.mapped());
  });
  for (std::size_t place = 0; place < where->size(); ++place)
    put(place);
  return {[](caf::unit_t) {}};
}

} // namespace ducat::bench

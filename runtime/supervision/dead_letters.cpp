#include <ducat/dead_letters.hpp>

#include <algorithm>
#include <array>
#include <deque>
#include <mutex>
#include <utility>

namespace ducat {

std::string_view to_string(dead_letter_cause value) noexcept {
  switch (value) {
  case dead_letter_cause::poison:
    return "poison";
  case dead_letter_cause::undelivered:
    return "undelivered";
  }
  return "unknown";
}

struct dead_letters::state {
  mutable std::mutex guard; // Of everything below but `describe`.
  const std::size_t capacity;
  std::function<std::string(const caf::message&)> describe = [](const caf::message& body) {
    return caf::to_string(body);
  };
  std::deque<dead_letter> letters{}; // Invariant: ascending by id.
  std::uint64_t last_id = 0;
  std::uint64_t forgotten = 0;
  std::array<std::uint64_t, 3> filed{}; // By cause.
};

namespace {

auto position_of(auto& letters, std::uint64_t id) {
  return std::ranges::find(letters, id, &dead_letter::id);
}

} // namespace

dead_letters::dead_letters(std::size_t capacity)
    : state_{std::unique_ptr<state>{new state{.guard = {}, .capacity = capacity}}} {}

dead_letters::~dead_letters() = default;

void dead_letters::describe_with(std::function<std::string(const caf::message&)> describe) {
  state_->describe = std::move(describe);
}

std::uint64_t dead_letters::add(dead_letter letter) {
  letter.text = state_->describe(letter.body);
  const std::lock_guard lock{state_->guard};
  letter.id = ++state_->last_id;
  state_->filed.at(static_cast<std::size_t>(letter.cause)) += 1;
  state_->letters.push_back(std::move(letter));
  if (state_->letters.size() > state_->capacity) {
    state_->letters.pop_front();
    state_->forgotten += 1;
  }
  return state_->last_id;
}

std::vector<dead_letter> dead_letters::list() const {
  const std::lock_guard lock{state_->guard};
  return {state_->letters.begin(), state_->letters.end()};
}

std::optional<dead_letter> dead_letters::find(std::uint64_t id) const {
  const std::lock_guard lock{state_->guard};
  const auto found = position_of(state_->letters, id);
  return found == state_->letters.end() ? std::nullopt : std::optional{*found};
}

result<dead_letter> dead_letters::take(std::uint64_t id) {
  const std::lock_guard lock{state_->guard};
  const auto found = position_of(state_->letters, id);
  if (found == state_->letters.end())
    return fail(errc::not_found, "there is no dead letter " + std::to_string(id));
  dead_letter taken = std::move(*found);
  state_->letters.erase(found);
  return taken;
}

void dead_letters::put_back(dead_letter letter) {
  const std::lock_guard lock{state_->guard};
  const auto place = std::ranges::upper_bound(state_->letters, letter.id, {}, &dead_letter::id);
  state_->letters.insert(place, std::move(letter));
}

std::uint64_t dead_letters::count(dead_letter_cause cause) const {
  const std::lock_guard lock{state_->guard};
  return state_->filed.at(static_cast<std::size_t>(cause));
}

std::uint64_t dead_letters::forgotten() const {
  const std::lock_guard lock{state_->guard};
  return state_->forgotten;
}

} // namespace ducat

#include <ducat/early_machine.hpp>

#include <future>
#include <memory>
#include <mutex>
#include <utility>

namespace ducat {

namespace {

class early_machine {
public:
  explicit early_machine(machine_factory make)
      : make_{std::move(make)}, first_{std::async(std::launch::async, make_)} {}

  std::unique_ptr<machine> next() {
    auto first = take_first();
    return first.valid() ? first.get() : make_();
  }

private:
  std::future<std::unique_ptr<machine>> take_first() {
    const std::lock_guard guard{guard_};
    return std::exchange(first_, {});
  }

  const machine_factory make_;
  std::mutex guard_;
  std::future<std::unique_ptr<machine>> first_; ///< Not valid: it was taken.
};

} // namespace

machine_factory begun_early(machine_factory make) {
  return [all = std::make_shared<early_machine>(std::move(make))] { return all->next(); };
}

} // namespace ducat

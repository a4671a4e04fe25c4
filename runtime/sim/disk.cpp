#include "sim/disk.hpp"

#include <ducat/check.hpp>

#include <algorithm>

namespace ducat::sim {

using namespace std::chrono_literals;

namespace {

tl::unexpected<error> no_space() {
  return fail(errc::io, "no space is left on the disk");
}

} // namespace

// Of a life --------------------------------------------------------------------------------------

class disk::mounted final : public testing::sim_disk {
public:
  mounted(disk& of, std::shared_ptr<const bool> alive) : of_{of}, alive_{std::move(alive)} {}

  const std::string& node() const noexcept override { return of_.place_; }

  std::string read(const std::string& file) const override {
    expect_life();
    return of_.now(file);
  }

  result<void> write(const std::string& file, std::size_t from, std::string_view bytes) override {
    expect_life();
    if (of_.full_ > 0)
      return no_space();
    of_.files_[file].unsynced.push_back({from, std::string{bytes}});
    return {};
  }

  result<void> sync(const std::string& file) override {
    expect_life();
    const std::uint64_t end = of_.files_[file].passed + of_.files_[file].unsynced.size();
    wait_for(of_.draw_sync_time());
    if (of_.full_ > 0)
      return no_space();
    auto& [durable, unsynced, passed] = of_.files_[file];
    const std::uint64_t writes = end - std::min(end, passed); // Of which no other has seen to.
    for (std::uint64_t i = 0; i < writes; ++i)
      apply(durable, unsynced[i].from, unsynced[i].bytes);
    unsynced.erase(unsynced.begin(), unsynced.begin() + static_cast<std::ptrdiff_t>(writes));
    passed += writes;
    return {};
  }

  result<void> replace(const std::string& file, std::string bytes) override {
    expect_life();
    wait_for(of_.draw_sync_time());
    if (of_.full_ > 0)
      return no_space();
    auto& [durable, unsynced, passed] = of_.files_[file];
    durable = std::move(bytes);
    passed += std::exchange(unsynced, {}).size();
    return {};
  }

  void run_apart(std::function<void()> task) override {
    of_.time_.after({}, [&of = of_, alive = alive_, task = std::move(task)] {
      if (*alive)
        of.time_.start(of.place_, task);
    });
  }

  void wait_until(const std::function<bool()>& done) override {
    expect_life();
    of_.time_.wait_until(done);
  }

private:
  void expect_life() const {
    if (!*alive_)
      throw place_ended{};
  }

  void wait_for(duration time) {
    of_.time_.wait_for(time);
    expect_life();
  }

  disk& of_;
  std::shared_ptr<const bool> alive_;
};

std::unique_ptr<testing::sim_disk> disk::mount(std::shared_ptr<const bool> alive) {
  return std::make_unique<mounted>(*this, std::move(alive));
}

// What is there ----------------------------------------------------------------------------------

void disk::apply(std::string& to, std::size_t from, std::string_view bytes) {
  if (to.size() < from + bytes.size())
    to.resize(from + bytes.size());
  to.replace(from, bytes.size(), bytes);
}

std::string disk::now(const std::string& name) const {
  const auto found = files_.find(name);
  if (found == files_.end())
    return {};
  std::string bytes = found->second.durable;
  for (const write_under_way& each : found->second.unsynced)
    apply(bytes, each.from, each.bytes);
  return bytes;
}

duration disk::draw_sync_time() {
  return slow_ > 0 ? chance_.between(100ms, 1'500ms) : chance_.between(200us, 4ms);
}

// What happens to it -----------------------------------------------------------------------------

void disk::lose_unsynced() {
  for (auto& [name, each] : files_)
    for (const auto& [from, bytes] : std::exchange(each.unsynced, {}))
      for (std::size_t at = 0; at < bytes.size();) {
        const std::size_t sector = testing::sector_bytes - (from + at) % testing::sector_bytes;
        const std::string_view part = std::string_view{bytes}.substr(at, sector);
        if (chance_.happens(500))
          apply(each.durable, from + at, part);
        at += part.size();
      }
}

bool disk::flip_a_bit() {
  std::size_t all = 0;
  for (const auto& [name, each] : files_)
    all += each.durable.size();
  if (all == 0)
    return false;
  std::size_t at = chance_.below(all);
  for (auto& [name, each] : files_) {
    if (at < each.durable.size()) {
      each.durable[at] = static_cast<char>(each.durable[at] ^ (1 << chance_.below(8)));
      return true;
    }
    at -= each.durable.size();
  }
  return true;
}

} // namespace ducat::sim

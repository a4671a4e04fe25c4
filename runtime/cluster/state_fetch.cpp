#include "cluster/state_fetch.hpp"

#include "cluster/lenders.hpp"
#include "cluster/state_copy.hpp"

#include <algorithm>
#include <chrono>
#include <deque>
#include <filesystem>
#include <fstream>
#include <future>
#include <memory>
#include <system_error>
#include <thread>
#include <utility>

namespace ducat::cluster {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

namespace {

/// Of one ask; an offer reads all of the state.
constexpr duration part_timeout = 30s;
constexpr duration offer_timeout = 600s;
constexpr std::chrono::milliseconds time_between_looks{100};

/// How many parts are asked for ahead of the one that is written.
constexpr std::size_t parts_ahead = 4;

using answer_future = std::future<result<std::string>>;

/// One copy, from one node.
class fetcher {
public:
  fetcher(const state_fetch_options& options, std::string from, fs::path place)
      : options_{options}, from_{std::move(from)}, place_{std::move(place)} {}

  result<void> run() {
    auto offer = ask(state_offer_type, {}, offer_timeout).get().and_then(decode_state_offer);
    if (!offer)
      return tl::unexpected(offer.error());
    offer_ = std::move(*offer);
    result<void> done;
    for (std::uint32_t file = 0; done && file < offer_.files.size(); ++file)
      done = fetch(file);
    ask(state_return_type, encode(state_return{offer_.copy}), part_timeout);
    return done;
  }

private:
  answer_future ask(std::string_view type, std::string body, duration timeout) const {
    auto told = std::make_shared<std::promise<result<std::string>>>();
    auto answer = told->get_future();
    options_.ask(from_, {.to = {}, .type = std::string{type}, .body = std::move(body)},
                 std::chrono::steady_clock::now() + timeout,
                 [told](result<std::string> done) { told->set_value(std::move(done)); });
    return answer;
  }

  result<void> fetch(std::uint32_t number) const {
    const state_file& file = offer_.files[number];
    const fs::path path = place_ / file.name;
    std::ofstream into{path, std::ios::binary};
    state_file got{.name = file.name, .size = 0, .hash = {}};
    std::deque<answer_future> coming;
    std::uint64_t asked = 0;
    for (std::uint64_t part = 0; part < parts_of(file, offer_.part_bytes); ++part) {
      for (; asked < std::min(part + parts_ahead, parts_of(file, offer_.part_bytes)); ++asked)
        coming.push_back(ask(state_read_type,
                             encode(state_read{.copy = offer_.copy, .file = number, .part = asked}),
                             part_timeout));
      const auto bytes = coming.front().get();
      coming.pop_front();
      if (!bytes)
        return tl::unexpected(bytes.error());
      into.write(bytes->data(), static_cast<std::streamsize>(bytes->size()));
      got.size += bytes->size();
      got.hash = hash_after(got.hash, *bytes);
    }
    into.close();
    if (!into)
      return fail(errc::io, "cannot write " + path.string());
    if (got != file)
      return fail(errc::corrupt, "what node " + from_ + " sent of " + file.name + " is damaged");
    return {};
  }

  const state_fetch_options& options_;
  std::string from_;
  fs::path place_;
  state_offer offer_;
};

/// Returns an empty directory.
result<fs::path> make_place(const fs::path& state) {
  const fs::path place = state.string() + ".fetched";
  std::error_code code;
  fs::remove_all(place, code);
  fs::create_directory(place, code);
  if (code)
    return fail(errc::io, "cannot make " + place.string());
  return place;
}

} // namespace

result<void> fetch_state(const state_fetch_options& options, state_store& into) {
  const auto end = std::chrono::steady_clock::now() + options.patience;
  std::string last = "no node that is linked keeps one";
  do {
    for (const std::string& node :
         lenders_among(options.members(), {.me = options.me, .log_first = options.log_first})) {
      const auto place = make_place(into.directory());
      if (!place)
        return tl::unexpected(place.error());
      const auto done =
          fetcher{options, node, *place}.run().and_then([&] { return into.replace_with(*place); });
      if (done || done.error().code == errc::io)
        return done;
      last = "node " + node + ": " + to_string(done.error());
    }
    std::this_thread::sleep_for(time_between_looks);
  } while (std::chrono::steady_clock::now() < end);
  return fail(errc::unavailable, "cannot get the state of another node, which this one needs "
                                 "because the log begins later than its own: " +
                                     last);
}

} // namespace ducat::cluster

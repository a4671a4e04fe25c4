/// A tree with one pool, and the workers that tests put into it.
#pragma once

#include "supervision/virtual_system.hpp"

#include <ducat/router.hpp>

#include <gtest/gtest.h>
#include <spdlog/spdlog.h>

#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace ducat::test {

/// What the workers of a pool have been asked for; they live on one thread.
struct ward {
  std::vector<int> seen; ///< Requests, in order.
};

/// 1 to 99: answers twice that. 100 and more: takes it and never answers. Negative: crashes with
/// it. A text: an error of its own.
inline caf::behavior moody(caf::event_based_actor* self, const std::shared_ptr<ward>& log) {
  return {[=](int request) -> caf::result<int> {
            log->seen.push_back(request);
            if (request < 0)
              throw std::runtime_error("crashed with it");
            if (request < 100)
              return request * 2;
            // A promise that holds its worker would keep it alive: take it and let it go.
            return self->make_response_promise<int>();
          },
          [](const std::string& text) -> caf::result<int> {
            return to_caf(error{errc::not_found, text});
          }};
}

/// Answers with its own number.
inline caf::behavior numbered(caf::event_based_actor*, const std::shared_ptr<int>& lives) {
  return {[mine = ++*lives](const std::string&) { return mine; }};
}

/// Answers a text with its own number, and an int never.
inline caf::behavior numbered_or_silent(caf::event_based_actor* self,
                                        const std::shared_ptr<int>& lives) {
  return {[mine = ++*lives](const std::string&) { return mine; },
          [=](int) -> caf::result<int> { return self->make_response_promise<int>(); }};
}

class pool_test : public ::testing::Test {
protected:
  pool_test() { spdlog::set_level(spdlog::level::off); }

  supervisor_spec pool_of(child_start start, pool_spec pool, restart_type restart = permanent) {
    return {
        .flags = {},
        .children = {{.id = "pool", .start = std::move(start), .restart = restart, .pool = pool}}};
  }

  template <class Body>
  auto ask(virtual_tree& tree, Body body, duration within = std::chrono::seconds{1}) {
    return tree.system().ask<int>(tree.find("pool").current(),
                                  make_routed(tree.system().now() + within, body));
  }

  template <class Body>
  result<int> ask_now(virtual_tree& tree, Body body) {
    const auto answer = ask(tree, body);
    tree.system().run();
    return answer->has_value() ? **answer : fail(errc::io, "no answer yet");
  }

  std::shared_ptr<ward> log_ = std::make_shared<ward>();
  std::shared_ptr<int> lives_ = std::make_shared<int>(0);
};

} // namespace ducat::test

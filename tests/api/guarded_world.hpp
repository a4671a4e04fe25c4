/// What ports that ask who calls need: certificates of a cluster, keys of tokens, a service.
#pragma once

#include "api/authority.hpp"
#include "api/fake_service.hpp"
#include "api/guard.hpp"

#include <ducat/token.hpp>

#include <chrono>
#include <string>

namespace ducat::api::test {

struct guarded_world {
  guarded_world() {
    (void)security::make_token_key(keys.path(), "k1");
    const auto own = ours.node("node1");
    guarded = guard{.tls = {.ca = ours.ca(), .certificate = own.certificate, .key = own.key},
                    .keeper = access::gatekeeper::start(
                                  {.cluster = "test", .token_keys = keys.path(), .limits = limits})
                                  .value()};
  }

  std::string token(security::role who, const std::string& name) const {
    return security::sign_token(keys.path() / "k1.key",
                                {.who = {"test", who, name},
                                 .issued = today(),
                                 .expires = today() + std::chrono::minutes{10}})
        .value();
  }

  authority ours;
  authority theirs; ///< Of the same name, and another key.
  ::ducat::testing::temporary_directory keys;
  access::rate_limits limits{};
  fake_service to;
  guard guarded;
};

} // namespace ducat::api::test

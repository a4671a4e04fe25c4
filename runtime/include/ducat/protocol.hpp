/// What the children of different nodes may say to each other, and how it travels.
#pragma once

#include <ducat/error.hpp>
#include <ducat/handle.hpp>
#include <ducat/router.hpp>
#include <ducat/time.hpp>

#include <caf/event_based_actor.hpp>
#include <caf/make_message.hpp>
#include <caf/message.hpp>

#include <algorithm>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ducat {

/// How the request `Ask` and its answer travel. To be specialised for each one that does:
/// ```
/// template <>
/// struct wire<pay> {
///   using answer = paid;
///   static constexpr std::string_view type = "ducat.pay"; // never used for anything else
///   static time_point deadline(const pay& what);
///   static std::string encode(const pay& what);
///   static result<pay> decode(const std::string& bytes, time_point deadline);
///   static std::string encode(const paid& what);
///   static result<paid> decode_answer(const std::string& bytes);
/// };
/// ```
/// The deadline travels with the request, as what is left of it. What nodes of two versions say to
/// each other has to be understood by both: use bytes that can grow, such as Protobuf's.
template <class Ask>
struct wire;

/// What became of a request: the child's answer, or the error that it answered with. If `is_lost`
/// it went down, or did not answer in time, and nobody knows.
struct child_reply {
  result<std::string> answer;
  bool is_lost = false;
};

/// The requests that may travel, as functions of bytes.
class protocol {
public:
  /// A request as it travels.
  struct outgoing {
    std::string bytes;
    time_point deadline;
  };

  /// One kind of request. `ask` decodes `bytes` and asks `to`, a child of this node; `done` is
  /// called once, as `self`. `decode_answer`: errors are those of wire::decode_answer().
  struct kind {
    std::string type;
    std::function<std::optional<outgoing>(const caf::message&)> encode; ///< Nothing: another kind.
    std::function<result<caf::message>(const std::string&)> decode_answer;
    std::function<void(caf::event_based_actor* self, const caf::actor& to, const std::string& bytes,
                       time_point deadline, std::function<void(child_reply)> done)>
        ask;
  };

  /// Adds a kind of request.
  template <class Ask>
  protocol& add() {
    kinds_.push_back({.type = std::string{wire<Ask>::type},
                      .encode = encode<Ask>,
                      .decode_answer = decode_answer<Ask>,
                      .ask = ask<Ask>});
    return *this;
  }

  /// Returns the kind of that type; nullptr if there is none.
  const kind* find(std::string_view type) const {
    const auto found = std::ranges::find(kinds_, type, &kind::type);
    return found == kinds_.end() ? nullptr : &*found;
  }

  const std::vector<kind>& kinds() const noexcept { return kinds_; }

private:
  template <class Ask>
  static std::optional<outgoing> encode(const caf::message& what) {
    if (!what.match_elements<Ask>())
      return std::nullopt;
    const auto& request = what.get_as<Ask>(0);
    return outgoing{wire<Ask>::encode(request), wire<Ask>::deadline(request)};
  }

  template <class Ask>
  static result<caf::message> decode_answer(const std::string& bytes) {
    return wire<Ask>::decode_answer(bytes).map(
        [](typename wire<Ask>::answer answer) { return caf::make_message(std::move(answer)); });
  }

  template <class Ask>
  static void ask(caf::event_based_actor* self, const caf::actor& to, const std::string& bytes,
                  time_point deadline, std::function<void(child_reply)> done) {
    using reply = typename wire<Ask>::answer;
    auto request = wire<Ask>::decode(bytes, deadline);
    if (!request)
      return done({tl::unexpected(request.error())});
    const auto left = std::max(deadline - self->clock().now(), duration{1});
    self->request(to, left, std::move(*request))
        .then([done](const reply& given) { done({wire<Ask>::encode(given)}); },
              [done](const caf::error& failure) {
                done({tl::unexpected(error_of(failure)), !is_answer(failure)});
              });
  }

  std::vector<kind> kinds_;
};

} // namespace ducat

#include "cluster/durable_messages.hpp"

#include "link.pb.h"

#include <algorithm>
#include <utility>

namespace ducat::cluster {

namespace {

namespace pb = ducat::link::v1;

void write(const receipt& from, pb::Receipt& into) {
  into.set_index(from.index);
  into.set_hash(reinterpret_cast<const char*>(from.hash.data()), from.hash.size());
}

result<receipt> read(const pb::Receipt& from) {
  receipt made{.index = from.index(), .hash = {}};
  if (from.hash().size() != made.hash.size())
    return fail(errc::invalid_argument, "a receipt from another node cannot be read");
  std::copy(from.hash().begin(), from.hash().end(), reinterpret_cast<char*>(made.hash.data()));
  return made;
}

template <class Message>
result<Message> parsed(const std::string& body) {
  Message message;
  if (!message.ParseFromString(body))
    return fail(errc::invalid_argument, "a message from another node cannot be read");
  return message;
}

} // namespace

std::string encode(const commit& what) {
  pb::Commit message;
  message.set_command(what.command);
  if (what.token) {
    message.set_group(what.token->group);
    message.set_group_epoch(what.token->epoch);
  }
  return message.SerializeAsString();
}

std::string encode(const take_grant& what) {
  pb::TakeGrant message;
  message.set_group(what.group);
  message.set_node(what.node);
  message.set_after(what.after);
  return message.SerializeAsString();
}

std::string encode(const grant& what) {
  pb::Grant message;
  message.set_node(what.node);
  message.set_epoch(what.epoch);
  return message.SerializeAsString();
}

std::string encode(const query& what) {
  pb::Query message;
  message.set_question(what.question);
  return message.SerializeAsString();
}

std::string encode(const locate& what) {
  pb::Locate message;
  message.set_index(what.index);
  return message.SerializeAsString();
}

std::string encode(const committed& what) {
  pb::Committed message;
  message.set_reply(what.reply);
  write(what.receipt, *message.mutable_receipt());
  return message.SerializeAsString();
}

std::string encode(const answer& what) {
  pb::QueryAnswer message;
  message.set_text(what.text);
  return message.SerializeAsString();
}

std::string encode(const log_position& what) {
  pb::LogPosition message;
  write(what.receipt, *message.mutable_receipt());
  message.set_epoch(what.writer.value);
  return message.SerializeAsString();
}

template <>
result<commit> decode<commit>(const std::string& body) {
  return parsed<pb::Commit>(body).map([](pb::Commit m) {
    commit made{.command = std::move(*m.mutable_command())};
    if (!m.group().empty())
      made.token = {.group = std::move(*m.mutable_group()), .epoch = m.group_epoch()};
    return made;
  });
}

template <>
result<take_grant> decode<take_grant>(const std::string& body) {
  return parsed<pb::TakeGrant>(body).map([](pb::TakeGrant m) {
    return take_grant{.group = std::move(*m.mutable_group()),
                      .node = std::move(*m.mutable_node()),
                      .after = m.after()};
  });
}

template <>
result<grant> decode<grant>(const std::string& body) {
  return parsed<pb::Grant>(body).map(
      [](pb::Grant m) { return grant{.node = std::move(*m.mutable_node()), .epoch = m.epoch()}; });
}

template <>
result<query> decode<query>(const std::string& body) {
  return parsed<pb::Query>(body).map(
      [](pb::Query m) { return query{std::move(*m.mutable_question())}; });
}

template <>
result<locate> decode<locate>(const std::string& body) {
  return parsed<pb::Locate>(body).map([](const pb::Locate& m) { return locate{m.index()}; });
}

template <>
result<committed> decode<committed>(const std::string& body) {
  return parsed<pb::Committed>(body).and_then([](pb::Committed m) {
    return read(m.receipt()).map([&](const receipt& at) {
      return committed{std::move(*m.mutable_reply()), at};
    });
  });
}

template <>
result<answer> decode<answer>(const std::string& body) {
  return parsed<pb::QueryAnswer>(body).map(
      [](pb::QueryAnswer m) { return answer{std::move(*m.mutable_text())}; });
}

template <>
result<log_position> decode<log_position>(const std::string& body) {
  return parsed<pb::LogPosition>(body).and_then(
      [](const pb::LogPosition& m) -> result<log_position> {
        if (m.epoch() == 0) // It is never granted.
          return fail(errc::invalid_argument, "a position from another node cannot be read");
        return read(m.receipt()).map([&](const receipt& at) {
          return log_position{at, {m.epoch()}};
        });
      });
}

} // namespace ducat::cluster

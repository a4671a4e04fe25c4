#include <ducat/payment/wire.hpp>

#include <algorithm>

namespace ducat {

std::string wire<payment::pay>::encode(const payment::pay& what) {
  if (!what.card && !what.trace)
    return what.first.SerializeAsString();
  v1::Pay message;
  *message.mutable_first() = what.first;
  if (what.card) {
    message.set_card(std::string{what.card->reveal()});
    message.set_security_code(std::string{what.security_code.reveal()});
  }
  if (what.trace)
    message.set_traceparent(trace::to_traceparent(*what.trace));
  return message.SerializeAsString();
}

result<payment::pay> wire<payment::pay>::decode(const std::string& bytes, time_point deadline) {
  payment::pay read{.first = {}, .deadline = deadline};
  v1::Pay message;
  if (message.ParseFromString(bytes) && message.has_first()) {
    read.first = std::move(*message.mutable_first());
    read.trace = trace::parse_traceparent(message.traceparent());
    if (message.card().empty() && read.trace)
      return read;
    auto card = payment::pan::parse(message.card());
    if (!card)
      return tl::unexpected(card.error());
    read.card = std::move(*card);
    read.security_code = payment::sensitive{message.security_code()};
    return read;
  }
  if (!read.first.ParseFromString(bytes))
    return fail(errc::invalid_argument, "a payment from another node cannot be read");
  return read;
}

std::string wire<payment::pay>::encode(const payment::paid& what) {
  v1::Paid message;
  *message.mutable_outcome() = what.outcome;
  message.set_index(what.receipt.index);
  message.set_hash(reinterpret_cast<const char*>(what.receipt.hash.data()),
                   what.receipt.hash.size());
  return message.SerializeAsString();
}

result<payment::paid> wire<payment::pay>::decode_answer(const std::string& bytes) {
  v1::Paid message;
  payment::paid read{.outcome = {}, .receipt = {}};
  if (!message.ParseFromString(bytes) || message.hash().size() != read.receipt.hash.size())
    return fail(errc::invalid_argument, "an outcome from another node cannot be read");
  read.outcome = std::move(*message.mutable_outcome());
  read.receipt.index = message.index();
  std::ranges::copy(message.hash(), reinterpret_cast<char*>(read.receipt.hash.data()));
  return read;
}

} // namespace ducat

namespace ducat::payment {

protocol spoken() {
  return protocol{}.add<pay>();
}

} // namespace ducat::payment

#include "events/event_commands.hpp"

#include "client/show.hpp"
#include "client/table.hpp"
#include "client/utc.hpp"

#include <ostream>

namespace ducat::cli {

namespace {

constexpr std::chrono::milliseconds pause_before_another_try{500};

void print(std::ostream& out, const v1::ListEventsReply& page) {
  table rows{{{"ID"}, {"AT"}, {"TYPE"}, {"PAYMENT"}, {"SEQ", align::right}, {"STATE"}}};
  for (const v1::Event& each : page.data())
    rows.add({each.id(), utc({each.occurred_at_ns()}), each.type(), each.payment_id(),
              std::to_string(each.payment_seq()), v1::Payment::State_Name(each.payment().state())});
  rows.print(out);
  if (page.has_more())
    out << "more: --after " << page.next() << '\n';
}

void print_line(const console& io, const v1::Event& each) {
  if (io.is_json())
    io.out << json_of(each) << std::endl;
  else
    io.out << each.id() << ' ' << utc({each.occurred_at_ns()}) << ' ' << each.type() << ' '
           << each.payment_id() << ' ' << each.payment_seq() << std::endl;
}

void print_line(const console& io, const v1::PaymentEvent& each) {
  if (io.is_json())
    io.out << json_of(each) << std::endl;
  else
    io.out << utc({each.at_ns()}) << ' ' << each.what()
           << (each.detail().empty() ? "" : " " + printable(each.detail())) << std::endl;
}

/// Reads a stream again and again: `open` begins one after what was printed, `took` is told of each
/// message. Ends only if the node refuses.
template <class Message, class Open, class Took>
exit_code read_for_ever(const session& with, const Open& open, const Took& took) {
  for (;;) {
    grpc::ClientContext context;
    const auto reader = open(context);
    Message message;
    while (reader->Read(&message)) {
      print_line(with.io, message);
      took(message);
      message.Clear(); // Another stream may have other fields.
    }
    const failure why = failure_of(reader->Finish());
    if (why.is_verdict)
      return report(with.io, why, {});
    with.node.connect_for(pause_before_another_try);
  }
}

} // namespace

exit_code list_events(const session& with, const event_arguments& arguments) {
  v1::ListEventsRequest request;
  request.set_limit(arguments.limit);
  request.set_after(arguments.after);
  for (const std::string& each : arguments.types)
    request.add_types(each);
  const auto reply =
      call(with.limits, repetition::read, with.node, &v1::Events::Stub::ListEvents, request);
  return show(with, reply, [&](const v1::ListEventsReply& page) { print(with.io.out, page); });
}

exit_code show_event(const session& with, const event_arguments& arguments) {
  v1::GetEventRequest request;
  request.set_id(arguments.id);
  const auto reply =
      call(with.limits, repetition::read, with.node, &v1::Events::Stub::GetEvent, request);
  return show(with, reply, [&](const v1::Event& event) {
    print_fields(with.io.out, {{"id", event.id()},
                               {"type", event.type()},
                               {"at", utc({event.occurred_at_ns()})},
                               {"log entry", std::to_string(event.index())},
                               {"payment", event.payment_id()},
                               {"number", std::to_string(event.payment_seq())},
                               {"state then", v1::Payment::State_Name(event.payment().state())},
                               {"amount", std::to_string(event.payment().amount()) + " " +
                                              event.payment().currency()},
                               {"captured then", std::to_string(event.payment().captured())},
                               {"refunded then", std::to_string(event.payment().refunded())}});
  });
}

exit_code follow_events(const session& with, const event_arguments& arguments) {
  v1::FollowEventsRequest request;
  request.set_after(arguments.after);
  for (const std::string& each : arguments.types)
    request.add_types(each);
  if (arguments.after.empty()) { // Where now is, so that nothing is missed while a node is away.
    const auto page =
        call(with.limits, repetition::read, with.node, &v1::Events::Stub::ListEvents, {});
    if (!page)
      return report(with.io, page.error(), {});
    request.set_after(page->newest());
  }
  return read_for_ever<v1::Event>(
      with,
      [&](grpc::ClientContext& context) {
        return with.node.events().FollowEvents(&context, request);
      },
      [&](const v1::Event& each) { request.set_after(each.id()); });
}

exit_code watch_payment(const session& with, const event_arguments& arguments) {
  v1::WatchPaymentRequest request;
  request.set_id(arguments.id);
  return read_for_ever<v1::PaymentEvent>(
      with,
      [&](grpc::ClientContext& context) {
        return with.node.events().WatchPayment(&context, request);
      },
      [&](const v1::PaymentEvent&) { request.set_after(request.after() + 1); });
}

} // namespace ducat::cli

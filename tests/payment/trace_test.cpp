/// Whose trace a payment is in, how it travels between nodes, and what is said of its outcome.

#include <ducat/payment/records.hpp>
#include <ducat/payment/trace.hpp>
#include <ducat/payment/wire.hpp>

#include <gmock/gmock.h>

namespace ducat::payment {
namespace {

using ::testing::Contains;
using ::testing::IsEmpty;
using trace::attribute;

const trace::context caller{.trace = *trace::parse_trace_id("4bf92f3577b34da6a3ce929d0e0e4736"),
                            .span = *trace::parse_span_id("00f067aa0ba902b7"),
                            .is_sampled = true};

class PaymentTrace : public ::testing::Test {
protected:
  static std::shared_ptr<trace::tracer> tracer_of(const char* ratio) {
    return std::make_shared<trace::tracer>(
        trace::tracer_options{.node = "n1",
                              .sampled = trace::sampling_ratio::parse(ratio).value(),
                              .seed = 7,
                              .clock = [] { return log_time{1'000}; }});
  }

  /// Begins a span there, and returns it when it has ended.
  trace::span begun_at(const trace::context& at) {
    begin_span(all_, "work", trace::span_kind::server, at, id_)->end();
    return all_->take(1).at(0);
  }

  /// Returns the span that `end` ends.
  template <class Outcome>
  trace::span ended_with(const Outcome& what) {
    end_span(begin_span(all_, "work", trace::span_kind::server, caller, id_), what);
    return all_->take(1).at(0);
  }

  static v1::Payment in_state(v1::Payment::State state) {
    v1::Payment payment;
    payment.set_state(state);
    return payment;
  }

  const std::string id_ = payment_id_of("k1");
  std::shared_ptr<trace::tracer> all_ = tracer_of("1");
  std::shared_ptr<trace::tracer> none_ = tracer_of("0");
};

TEST_F(PaymentTrace, OfItsOwnHasTheDigitsOfThePaymentsId) {
  const auto own = own_trace_of(id_);
  ASSERT_TRUE(own);
  EXPECT_EQ("pay_" + trace::to_hex(own->trace), id_);
  EXPECT_EQ(trace::to_hex(own->span), id_.substr(4, 16));
  for (const char* other : {"", "pay_", "pay_1", "k1", "att_4bf92f3577b34da6a3ce929d0e0e4736",
                            "pay_00000000000000000000000000000000"})
    EXPECT_FALSE(own_trace_of(other)) << other;
}

TEST_F(PaymentTrace, EachRequestAboutAPaymentFindsIt) {
  v1::Command command;
  command.mutable_create_payment()->set_idempotency_key("k1");
  EXPECT_EQ(payment_id_in(command), id_);
  command.mutable_capture_payment()->set_payment_id(id_);
  EXPECT_EQ(payment_id_in(command), id_);
  command.mutable_void_payment()->set_payment_id(id_);
  EXPECT_EQ(payment_id_in(command), id_);
  command.mutable_refund_payment()->set_payment_id(id_);
  EXPECT_EQ(payment_id_in(command), id_);
  command.mutable_decide_payment()->set_payment_id(id_);
  EXPECT_EQ(payment_id_in(command), id_);
  command.mutable_reverse_payment()->set_original_key("k1");
  EXPECT_EQ(payment_id_in(command), id_);
  command.mutable_record_advice()->mutable_payment()->set_idempotency_key("k1");
  EXPECT_EQ(payment_id_in(command), id_);
  command.mutable_pass_time();
  EXPECT_THAT(payment_id_in(command), IsEmpty());
}

TEST_F(PaymentTrace, GoesOnWithItsCallers) {
  EXPECT_EQ(place_of(*none_, caller, id_), caller) << "what the caller says wins";
  trace::context untold = caller;
  untold.is_sampled = false;
  EXPECT_EQ(place_of(*all_, untold, id_), untold);
  const trace::span span = begun_at(caller);
  EXPECT_EQ(span.at.trace, caller.trace);
  EXPECT_EQ(span.parent, caller.span);
  ASSERT_TRUE(span.link);
  EXPECT_EQ(span.link->trace, own_trace_of(id_)->trace);
  EXPECT_THAT(span.attributes, Contains(attribute{"ducat.payment.id", id_}));
}

TEST_F(PaymentTrace, IsItsOwnWithoutACaller) {
  const trace::context at = place_of(*all_, std::nullopt, id_);
  EXPECT_TRUE(at.is_sampled);
  const trace::span span = begun_at(at);
  EXPECT_EQ(span.at.trace, own_trace_of(id_)->trace);
  EXPECT_EQ(span.parent, trace::span_id{}) << "each request is a tree of its own";
  EXPECT_FALSE(span.link);
  const trace::context untold = place_of(*none_, std::nullopt, id_);
  EXPECT_FALSE(untold.is_sampled);
  EXPECT_EQ(begin_span(none_, "work", trace::span_kind::server, untold, id_), nullptr);
  EXPECT_TRUE(trace::parse_traceparent(trace::to_traceparent(untold)))
      << "other nodes have to hear that it is not told";
}

TEST_F(PaymentTrace, OfWhatIsNoPaymentIsANewOne) {
  const trace::context at = place_of(*all_, std::nullopt, "k1");
  EXPECT_NE(at.trace, trace::trace_id{});
  EXPECT_NE(at.trace, place_of(*all_, std::nullopt, "k1").trace);
}

TEST_F(PaymentTrace, SaysWhatHasBecomeOfIt) {
  const trace::span done = ended_with(in_state(v1::Payment::CAPTURED));
  EXPECT_THAT(done.attributes, Contains(attribute{"ducat.outcome", "done"}));
  EXPECT_THAT(done.attributes, Contains(attribute{"ducat.payment.state", "captured"}));
  EXPECT_FALSE(done.problem);
  v1::Payment poor = in_state(v1::Payment::DECLINED);
  poor.set_decline_code("exceeds_credits");
  const trace::span declined = ended_with(poor);
  EXPECT_THAT(declined.attributes, Contains(attribute{"ducat.outcome", "declined"}));
  EXPECT_THAT(declined.attributes, Contains(attribute{"ducat.decline_code", "exceeds_credits"}));
  EXPECT_FALSE(declined.problem) << "the node has done what it is for";
}

TEST_F(PaymentTrace, CallsUnknownWhatCannotBeKnown) {
  for (const auto state :
       {v1::Payment::AUTHORIZING, v1::Payment::IN_DOUBT, v1::Payment::EXCEPTION}) {
    const trace::span span = ended_with(in_state(state));
    EXPECT_THAT(span.attributes, Contains(attribute{"ducat.outcome", "unknown"}));
    EXPECT_TRUE(span.problem);
  }
  v1::Error why;
  why.set_type(v1::Error::UNKNOWN_OUTCOME);
  why.set_code("no_answer_in_time");
  EXPECT_THAT(ended_with(why).attributes, Contains(attribute{"ducat.outcome", "unknown"}));
  EXPECT_THAT(ended_with(why).attributes, Contains(attribute{"error.type", "no_answer_in_time"}));
  const error lost{errc::outcome_unknown, "gone"};
  EXPECT_THAT(ended_with(lost).attributes, Contains(attribute{"ducat.outcome", "unknown"}));
}

TEST_F(PaymentTrace, OnlyWhatIsTheNodesFaultIsAnError) {
  v1::Error why;
  why.set_code("some_code");
  for (const auto& [type, is_error] : {std::pair{v1::Error::INVALID_REQUEST, false},
                                       {v1::Error::NOT_FOUND, false},
                                       {v1::Error::CONFLICT, false},
                                       {v1::Error::UNAVAILABLE, true},
                                       {v1::Error::INTERNAL, true}}) {
    why.set_type(type);
    const trace::span span = ended_with(why);
    EXPECT_EQ(span.problem.has_value(), is_error) << type;
    EXPECT_THAT(span.attributes, Contains(attribute{"ducat.outcome", "refused"}));
    EXPECT_THAT(span.attributes, Contains(attribute{"error.type", "some_code"}));
  }
}

/// Returns `what` as another node reads it.
pay sent(const pay& what) {
  return wire<pay>::decode(wire<pay>::encode(what), {}).value();
}

TEST_F(PaymentTrace, TravelsWithARequestBetweenNodes) {
  pay what{.first = {}, .deadline = {}, .trace = caller};
  what.first.mutable_capture_payment()->set_payment_id(id_);
  EXPECT_EQ(sent(what).trace, caller);
  EXPECT_EQ(sent(what).first.capture_payment().payment_id(), id_);
  EXPECT_FALSE(sent(what).card);
  what.card = pan::parse("4111111111111111").value();
  what.security_code = sensitive{"123"};
  EXPECT_EQ(sent(what).trace, caller);
  EXPECT_EQ(sent(what).card->reveal(), "4111111111111111");
  what.trace.reset();
  EXPECT_FALSE(sent(what).trace);
}

// Nodes of before traces read what they always have, unless somebody traces.
TEST_F(PaymentTrace, IsNoPartOfARequestThatHasNone) {
  pay what{.first = {}, .deadline = {}};
  what.first.mutable_capture_payment()->set_payment_id(id_);
  EXPECT_EQ(wire<pay>::encode(what), what.first.SerializeAsString());
  EXPECT_FALSE(sent(what).trace);
}

} // namespace
} // namespace ducat::payment

#include "bad_input/bad_bytes.hpp"

#include <ducat/v1/payment.pb.h>

namespace ducat::bad_input {

namespace {

using namespace std::string_literals;

// Types of frames: RFC 9113, 6.
constexpr char data = 0;
constexpr char headers = 1;
constexpr char rst_stream = 3;
constexpr char settings = 4;
constexpr char push_promise = 5;
constexpr char ping = 6;
constexpr char window_update = 8;
constexpr char continuation = 9;

constexpr char end_stream = 1;
constexpr char end_headers = 4;

std::string number(std::uint32_t value, int bytes) {
  std::string made;
  for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8)
    made += static_cast<char>(value >> shift);
  return made;
}

/// RFC 9113, 4.1.
std::string frame(char type, char flags, std::uint32_t stream, const std::string& payload) {
  return number(static_cast<std::uint32_t>(payload.size()), 3) + type + flags + number(stream, 4) +
         payload;
}

/// A field that is not indexed (RFC 7541, 6.2.2): both texts are shorter than 127 bytes.
std::string field(const std::string& name, const std::string& value) {
  return "\0"s + static_cast<char>(name.size()) + name + static_cast<char>(value.size()) + value;
}

const std::string begin = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + frame(settings, 0, 0, "");

std::string head_fields() {
  return field(":method", "POST") + field(":scheme", "http") +
         field(":path", "/ducat.v1.Payments/CreatePayment") + field(":authority", "a") +
         field("content-type", "application/grpc") + field("te", "trailers");
}

/// A call whose message is `bytes`.
std::string call(std::uint32_t stream, const std::string& bytes) {
  return frame(headers, end_headers, stream, head_fields()) +
         frame(data, end_stream, stream, bytes);
}

/// How gRPC frames a message.
std::string message(const std::string& bytes, char compressed = 0) {
  return compressed + number(static_cast<std::uint32_t>(bytes.size()), 4) + bytes;
}

std::string good_payment() {
  v1::CreatePaymentRequest request;
  request.set_idempotency_key("bad");
  request.set_from("world");
  request.set_to("shop");
  request.set_amount(-1);
  request.set_currency("EUR");
  return request.SerializeAsString();
}

classes frames() {
  std::string resets = begin;
  for (std::uint32_t stream = 1; stream < 4'000; stream += 2)
    resets += frame(headers, end_headers, stream, head_fields()) +
              frame(rst_stream, 0, stream, number(8, 4));
  std::string streams = begin;
  for (std::uint32_t stream = 1; stream < 2'000; stream += 2)
    streams += frame(headers, end_headers, stream, head_fields());
  const std::string open = begin + frame(headers, 0, 1, head_fields());
  // A field of the dynamic table, named again and again (RFC 7541, 6.1: index 62).
  const std::string bomb =
      "\x40\x01x\x7f\x81\x1f"s + std::string(4'094, 'y') + std::string(16'000 - 4'200, '\xbe');
  return {
      {"frame: a bad preface", "PRI * HTTP/2.0\r\n\r\nXX\r\n\r\n"},
      {"frame: a length of 2^24 - 1", begin + "\xff\xff\xff"s + data + "\0"s + number(1, 4) + "x"},
      {"frame: an unknown type", begin + frame('\x7f', 0, 1, "hello")},
      {"frame: settings that are cut", begin + frame(settings, 0, 0, "\0\3\0"s)},
      {"frame: 20,000 settings", begin + repeated(frame(settings, 0, 0, "\0\3\0\0\0\1"s), 20'000)},
      {"frame: 20,000 pings", begin + repeated(frame(ping, 0, 0, "12345678"), 20'000)},
      {"frame: a window of 2^31", begin + frame(window_update, 0, 0, "\x7f\xff\xff\xff"s)},
      {"frame: a window of 0",
       begin + frame(settings, 0, 0, "\0\4\0\0\0\0"s) + call(1, message(good_payment()))},
      {"frame: a push from a client", begin + frame(push_promise, end_headers, 1, number(2, 4))},
      {"stream: headers on stream 0", begin + frame(headers, end_headers, 0, head_fields())},
      {"stream: an even number", begin + frame(headers, end_headers, 2, head_fields())},
      {"stream: data without headers", begin + frame(data, end_stream, 1, "hello")},
      {"stream: 2,000 are reset at once", resets},
      {"stream: 1,000 are opened", streams},
      {"headers: 5,000 continuations",
       open + repeated(frame(continuation, 0, 1, field("a", "b")), 5'000)},
      {"headers: a bomb", begin + frame(headers, end_headers, 1, head_fields() + bomb)},
      {"headers: no such index", begin + frame(headers, end_headers, 1, "\xff\xff\xff\xff\x0f"s)},
      {"headers: cut", begin + frame(headers, end_headers, 1, head_fields().substr(0, 20))},
      {"headers: no path", begin + frame(headers, end_headers, 1, field(":method", "POST"))},
      {"headers: 20 KiB", open + frame(continuation, end_headers, 1,
                                       repeated(field("a", std::string(100, 'b')), 200))},
  };
}

classes messages() {
  const std::string good = good_payment();
  const auto with = [&](const std::string& bytes) { return begin + call(1, message(bytes)); };
  return {
      {"message: no such method",
       begin + frame(headers, end_headers | end_stream, 1,
                     field(":method", "POST") + field(":scheme", "http") +
                         field(":path", "/ducat.v1.Payments/Steal") +
                         field("content-type", "application/grpc"))},
      {"message: none", begin + call(1, "")},
      {"message: longer than it says", begin + call(1, "\0"s + number(1, 4) + good)},
      {"message: shorter than it says", begin + call(1, "\0"s + number(1'000, 4) + good)},
      {"message: 2^32 - 1 bytes", begin + call(1, "\0\xff\xff\xff\xff"s + good)},
      {"message: compressed by nobody", begin + call(1, message(good, 1))},
      {"message: two of them", begin + call(1, message(good) + message(good))},
      {"message: 65 KiB", begin + frame(headers, end_headers, 1, head_fields()) +
                              repeated(frame(data, 0, 1, std::string(16'000, 'x')), 5)},
      {"protobuf: random", with(std::string(200, '\xa7'))},
      {"protobuf: another wire type", with("\x08\x01\x10\x02\x18\x03"s)},
      {"protobuf: a length of 2^63", with("\x0a\xff\xff\xff\xff\xff\xff\xff\xff\x7f"s)},
      {"protobuf: cut", with(good.substr(0, good.size() - 2))},
      {"protobuf: 1,000 groups deep", with(std::string(1'000, '\x0b'))},
      {"protobuf: unknown fields", with(good + repeated("\xa8\x3e\x01"s, 5'000))},
      {"protobuf: not UTF-8", with("\x0a\x02\xc3\x28"s)},
      {"protobuf: 10,000 repetitions of a field", with(repeated("\x0a\x01x", 10'000))},
      {"protobuf: an amount below zero", with(good)},
  };
}

} // namespace

classes bytes_of_http2() {
  classes all = frames();
  classes more = messages();
  all.insert(all.end(), more.begin(), more.end());
  return all;
}

} // namespace ducat::bad_input

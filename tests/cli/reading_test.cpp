/// What the checker reads where it lies is what protobuf reads.

#include "check/entry_pipe.hpp"
#include "check/entry_reading.hpp"
#include "check/place_index.hpp"
#include "check/steady_list.hpp"
#include "cli/checked_world.hpp"
#include "settlement/draw.hpp"

#include <google/protobuf/stubs/logging.h>
#include <gtest/gtest.h>

#include <random>
#include <stdexcept>

namespace ducat::testing {

namespace {

using cli::command_reading;
using cli::created_payment;

/// Draws commands as writers make them, and what is left of them when bytes are changed.
class command_draw {
public:
  explicit command_draw(std::uint64_t seed) : random_{seed} {}

  v1::Command command() {
    v1::Command made;
    switch (pick(4)) {
    case 0:
      fill(*made.mutable_create_payment());
      break;
    case 1:
      made.mutable_authorize_payment()->set_payment_id(id());
      break;
    case 2:
      made.mutable_capture_payment()->set_payment_id(id());
      made.mutable_capture_payment()->set_idempotency_key(text());
      made.mutable_capture_payment()->set_amount(amount());
      break;
    default:
      made.mutable_refund_payment()->set_payment_id(id());
    }
    if (pick(2) == 0)
      made.set_by(text());
    return made;
  }

  /// Changes, removes, repeats or adds bytes.
  std::string spoilt(std::string bytes) {
    for (std::size_t times = pick(3); times > 0 && !bytes.empty(); --times) {
      const std::size_t at = pick(bytes.size());
      switch (pick(4)) {
      case 0:
        bytes[at] = static_cast<char>(pick(256));
        break;
      case 1:
        bytes.erase(at, 1 + pick(3));
        break;
      case 2:
        bytes.insert(at, bytes.substr(at, pick(8)));
        break;
      default:
        bytes += bytes.substr(at);
      }
    }
    return bytes;
  }

private:
  std::size_t pick(std::size_t from) { return random_() % from; }

  void fill(v1::CreatePayment& into) {
    into.set_idempotency_key(text());
    into.set_from(text());
    into.set_to(text());
    into.set_amount(amount());
    into.set_currency("EUR");
    into.set_manual_capture(pick(2) == 0);
    into.set_description(text());
    if (pick(4) == 0) {
      auto& pair = *into.add_metadata();
      pair.set_key(text());
      pair.set_value(text());
    }
    if (pick(4) == 0)
      into.set_card("123456******1234");
    if (pick(4) == 0)
      into.set_terminal(text());
  }

  std::int64_t amount() {
    return static_cast<std::int64_t>(random_() >> pick(64)) * (pick(8) == 0 ? -1 : 1);
  }

  std::string id() { return pick(4) == 0 ? text() : cli::payment_id_of(text()); }

  std::string text() {
    static const std::vector<std::string> some{"", "k1", "alice", "zoë", std::string(200, 'x')};
    return some[pick(some.size())];
  }

  std::mt19937_64 random_;
};

/// Says all that there is in a reading, however it was read.
std::string said_by(const created_payment& made) {
  std::string text;
  for (const std::string_view each : {made.key, made.from, made.to, made.currency, made.terminal})
    text.append(each).append("|");
  return text + std::to_string(made.amount) + (made.manual_capture ? "m" : "") +
         (made.is_card ? "c" : "") + std::to_string(made.key_hash) + cli::digits_of(made.id) +
         cli::digits_of(made.body);
}

std::string said_by(const cli::authorized_payment& held) {
  return "hold " + std::string{held.payment.text} +
         (held.payment.digest ? cli::digits_of(*held.payment.digest) : "");
}

std::string said_by(const cli::captured_payment& taken) {
  return "take " + std::string{taken.payment.text} + "|" + std::string{taken.key} +
         std::to_string(taken.amount) +
         (taken.payment.digest ? cli::digits_of(*taken.payment.digest) : "");
}

std::string said_by(const v1::Command& command) {
  switch (command.kind_case()) {
  case v1::Command::kCreatePayment:
    return said_by(cli::reading_of(command.create_payment()));
  case v1::Command::kAuthorizePayment:
    return said_by(
        cli::authorized_payment{cli::payment_name{command.authorize_payment().payment_id()}});
  case v1::Command::kCapturePayment:
    return said_by(cli::captured_payment{cli::payment_name{command.capture_payment().payment_id()},
                                         command.capture_payment().idempotency_key(),
                                         command.capture_payment().amount()});
  default:
    return command.SerializeAsString();
  }
}

/// An entry with `size` bytes, none of which is a command.
entry entry_of(std::uint64_t index, std::size_t size) {
  return {.index = index,
          .writer = {1},
          .at = {index},
          .previous = {},
          .hash = {},
          .payload = std::string(size, 'x')};
}

} // namespace

TEST(EntryReading, ReadsWhatProtobufReads) {
  const std::uint64_t seed = settlement::test::seed_of_this_run();
  SCOPED_TRACE("DUCAT_SEED=" + std::to_string(seed));
  const google::protobuf::LogSilencer quiet; // It says of each text that it is not UTF-8.
  command_draw draw{seed};
  for (int i = 0; i < 10'000; ++i) {
    const std::string bytes = draw.spoilt(draw.command().SerializeAsString());
    v1::Command command;
    const bool is_one = command.ParseFromString(bytes);
    cli::command_reading reading;
    ASSERT_EQ(cli::read_command(bytes, reading), is_one) << ::testing::PrintToString(bytes);
    if (is_one) {
      ASSERT_EQ(std::visit([](const auto& what) { return said_by(what); }, reading),
                said_by(command))
          << ::testing::PrintToString(bytes);
    }
  }
}

// Else it would be no quicker, and all the same.
TEST(EntryReading, ReadsTheMostUsualCommandsWhereTheyLie) {
  for (v1::Command command : {create("k", "alice", "shop", 2'500), authorize("k"),
                              capture_of_creation("k"), capture("k", "c", 100)}) {
    command.set_by("node1/payments/w3#2");
    const std::string bytes = command.SerializeAsString();
    cli::command_reading reading;
    ASSERT_TRUE(cli::read_command(bytes, reading));
    EXPECT_FALSE(std::holds_alternative<v1::Command>(reading)) << command.ShortDebugString();
  }
}

TEST(EntryReading, LeavesAloneWhatCanBeWrittenShorter) {
  const std::string id = cli::payment_id_of("k");
  const std::string inner = "\x0a\x24" + id;
  const auto is_plain = [](const std::string& bytes) {
    cli::command_reading reading;
    return cli::read_command(bytes, reading) && !std::holds_alternative<v1::Command>(reading);
  };
  EXPECT_TRUE(is_plain("\x1a\x26" + inner));
  EXPECT_FALSE(is_plain("\x1a\xa6" + std::string{"\0", 1} + inner));
  EXPECT_FALSE(is_plain("\x1a\x26" + inner + "\x1a\x26" + inner));
}

TEST(PaymentDigest, IsInEveryIdOfAPaymentAndInNothingElse) {
  const std::string id = cli::payment_id_of("k");
  const auto digest = cli::payment_digest_in(id);
  ASSERT_TRUE(digest);
  EXPECT_EQ(cli::payment_id_of(*digest), id);
  for (std::size_t i = 0; i < id.size(); ++i)
    for (const char odd : {'g', 'A', ' ', '/', ':', '\xff'}) {
      std::string other = id;
      other[i] = odd;
      EXPECT_FALSE(cli::payment_digest_in(other)) << other;
    }
  EXPECT_FALSE(cli::payment_digest_in(id + "0"));
  EXPECT_FALSE(cli::payment_digest_in(id.substr(0, id.size() - 1)));
  EXPECT_FALSE(cli::payment_digest_in(""));
}

// Many hashes share their upper bits, and some are equal.
TEST(PlaceIndex, FindsEveryPlaceAndNoOther) {
  const std::uint64_t seed = settlement::test::seed_of_this_run();
  SCOPED_TRACE("DUCAT_SEED=" + std::to_string(seed));
  std::mt19937_64 random{seed};
  std::vector<std::uint64_t> hashes;
  cli::place_index index;
  for (std::size_t place = 0; place < 5'000; ++place) {
    const std::uint64_t high = random() % 3 == 0 ? ~std::uint64_t{0} : random();
    hashes.push_back(random() % 10 == 0 && place > 0 ? hashes.back() : high << 32 | place);
    index.add(hashes.back(), place);
  }
  for (std::size_t place = 0; place < hashes.size(); ++place) {
    EXPECT_EQ(index.find(hashes[place], [&](std::size_t each) { return each == place; }), place);
    EXPECT_EQ(index.find(hashes[place], [](std::size_t) { return false; }), cli::place_index::none);
  }
}

TEST(SteadyList, KeepsElementsWhereTheyAre) {
  cli::steady_list<std::uint64_t> list;
  const std::uint64_t& first = list.add(7);
  for (std::uint64_t i = 1; i < 20'000; ++i)
    list.add(i);
  EXPECT_EQ(&first, &list[0]);
  EXPECT_EQ(first, 7u);
  EXPECT_EQ(list[19'999], 19'999u);
  EXPECT_EQ(list.size(), 20'000u);
}

// A little is taken by finish(), much by another thread while more comes.
TEST(EntryPipe, TakesAllInOrder) {
  for (const std::size_t size : {std::size_t{1}, std::size_t{10'000}}) {
    std::vector<std::uint64_t> taken;
    cli::entry_pipe pipe{[&](const cli::entry_reading& e) { taken.push_back(e.index); }};
    std::vector<std::uint64_t> added;
    for (std::uint64_t index = 1; index <= 1'000; ++index) {
      pipe.add(entry_of(index, size));
      added.push_back(index);
    }
    pipe.finish();
    EXPECT_EQ(taken, added) << size;
  }
}

TEST(EntryPipe, ThrowsWhatTheTakerThrowsAndTakesNoMore) {
  int taken = 0;
  cli::entry_pipe pipe{[&](const cli::entry_reading&) {
    if (++taken == 3)
      throw std::runtime_error{"it cannot"};
  }};
  for (std::uint64_t index = 1; index <= 1'000; ++index)
    pipe.add(entry_of(index, 10'000));
  EXPECT_THROW(pipe.finish(), std::runtime_error);
  EXPECT_EQ(taken, 3);
}

TEST(EntryPipe, MayBeLeftUnfinished) {
  cli::entry_pipe pipe{[](const cli::entry_reading&) {}};
  for (std::uint64_t index = 1; index <= 1'000; ++index)
    pipe.add(entry_of(index, 10'000));
}

} // namespace ducat::testing

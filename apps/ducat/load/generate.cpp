#include "load/generate.hpp"

#include "load/random.hpp"

#include <algorithm>
#include <deque>
#include <ostream>
#include <string_view>
#include <vector>

namespace ducat::cli {

namespace {

/// Enough for two million of the largest payments.
constexpr std::int64_t funding = 100'000'000'000;

/// How many payments later a hold is captured or voided, or a payment refunded.
constexpr std::uint64_t follow_up_delay = 40;

/// Zipf's law: rank r is drawn in proportion to 1/(r+1).
class ranks {
public:
  explicit ranks(std::uint64_t count) {
    constexpr std::uint64_t scale = std::uint64_t{1} << 32;
    std::uint64_t sum = 0;
    for (std::uint64_t rank = 0; rank < count; ++rank)
      sums_.push_back(sum += scale / (rank + 1) + 1);
  }

  std::uint64_t draw(random_numbers& random) const {
    const auto found = std::ranges::upper_bound(sums_, random.below(sums_.back()));
    return static_cast<std::uint64_t>(found - sums_.begin());
  }

private:
  std::vector<std::uint64_t> sums_;
};

std::string numbered(std::string_view name, std::uint64_t rank) {
  return std::string{name} + "-" + std::to_string(rank + 1);
}

class generator {
public:
  generator(const generator_options& options, std::ostream& out)
      : options_{options}, out_{out}, random_{options.seed}, customers_{options.accounts},
        merchants_{options.merchants},
        prefix_{"g" + std::to_string(options.seed) + "-" + std::to_string(options.accounts) + "x" +
                std::to_string(options.merchants) + "-" + options.currency + "-"} {}

  void run() {
    write_accounts();
    for (std::uint64_t i = 0; i < options_.accounts && out_; ++i)
      write_payment(numbered(prefix_ + "fund", i), "world", numbered("customer", i), funding);
    for (std::uint64_t n = 0; n < options_.payments && out_; ++n) {
      write_random_payment(n);
      write_follow_ups(n);
    }
    write_follow_ups(options_.payments + follow_up_delay);
  }

private:
  struct follow_up {
    std::uint64_t due;
    std::string line;
  };

  void write_accounts() {
    write_account("world", true);
    for (std::uint64_t i = 0; i < options_.accounts; ++i)
      write_account(numbered("customer", i));
    for (std::uint64_t i = 0; i < options_.merchants; ++i)
      write_account(numbered("merchant", i));
    write_account("broke-1");
  }

  void write_account(std::string_view id, bool overdraft = false) {
    out_ << R"({"account":{"id":")" << id << R"(","currency":")" << options_.currency
         << R"(","overdraft":)" << (overdraft ? "true" : "false") << "}}\n";
  }

  void write_payment(std::string_view key, std::string_view from, std::string_view to,
                     std::int64_t amount, bool manual = false) {
    out_ << R"({"payment":{"idempotency_key":")" << key << R"(","from":")" << from << R"(","to":")"
         << to << R"(","amount":)" << amount << R"(,"currency":")" << options_.currency << '"'
         << (manual ? R"(,"manual_capture":true)" : "") << "}}\n";
  }

  /// Skewed towards small ones: 1.00 to 499.99 in a currency with cents.
  std::int64_t random_amount() {
    const std::uint64_t most = 100 + (std::uint64_t{49'900} >> random_.below(7));
    return static_cast<std::int64_t>(100 + random_.below(most - 100));
  }

  void write_random_payment(std::uint64_t n) {
    const std::string key = prefix_ + std::to_string(n);
    const std::uint64_t kind = random_.below(1000);
    const std::int64_t amount = random_amount();
    const std::string from = kind < 10 ? "broke-1" : numbered("customer", customers_.draw(random_));
    const std::string shop = numbered("merchant", merchants_.draw(random_));
    const std::string friend_of = numbered("customer", random_.below(options_.accounts));
    const bool is_between_customers = kind >= 950 && friend_of != from;
    const bool is_held = kind >= 10 && kind < 110;
    write_payment(key, from, is_between_customers ? friend_of : shop, amount, is_held);
    if (is_held)
      end_hold(n, key, amount);
    else if (kind >= 110 && kind < 140)
      follow(n, "refund", key, random_.below(2) == 0 ? 0 : 1 + amount / 3);
  }

  void end_hold(std::uint64_t n, const std::string& key, std::int64_t amount) {
    const std::uint64_t way = random_.below(4);
    if (way == 0)
      follow(n, "void", key, 0);
    else
      follow(n, "capture", key, way == 1 ? 1 + amount / 2 : 0);
  }

  /// An amount of 0 means all, and is left out.
  void follow(std::uint64_t n, const std::string& what, const std::string& key,
              std::int64_t amount) {
    std::string line = "{\"" + what + R"(":{"idempotency_key":")" + key + "-" + what +
                       R"(","payment_key":")" + key + '"';
    if (amount > 0)
      line += ",\"amount\":" + std::to_string(amount);
    follow_ups_.push_back({.due = n + follow_up_delay, .line = line + "}}\n"});
  }

  void write_follow_ups(std::uint64_t now) {
    for (; !follow_ups_.empty() && follow_ups_.front().due <= now; follow_ups_.pop_front())
      out_ << follow_ups_.front().line;
  }

  const generator_options& options_;
  std::ostream& out_;
  random_numbers random_;
  ranks customers_;
  ranks merchants_;
  std::string prefix_;
  std::deque<follow_up> follow_ups_;
};

} // namespace

void generate(const generator_options& options, std::ostream& out) {
  generator{options, out}.run();
}

} // namespace ducat::cli

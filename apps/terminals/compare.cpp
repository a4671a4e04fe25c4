#include "compare.hpp"

#include "acquirer/effect_line.hpp"

#include <nlohmann/json.hpp>

#include <fstream>
#include <map>
#include <set>
#include <tuple>

namespace ducat::terminals {

namespace {

using acquirer::effect;
using acquirer::effect_kind;
using nlohmann::json;

/// Terminal, STAN, time.
using payment_key = std::tuple<std::string, std::string, std::string>;

std::string text_of(const payment_key& key) {
  return "terminal=" + std::get<0>(key) + " stan=" + std::get<1>(key) + " at=" + std::get<2>(key);
}

struct recorded {
  std::int64_t amount_minor;
  std::string outcome;
};

struct sides {
  std::map<payment_key, recorded> terminals{};
  std::map<payment_key, std::int64_t> acquirer{}; ///< Those that stand.
  std::vector<std::string> doubled{};
};

/// Calls `take` with each whole line. Errors: io, and what `take` returns, with the line's number.
template <class Take>
result<void> for_each_line(const std::filesystem::path& path, Take take) {
  std::ifstream in{path, std::ios::binary};
  if (!in)
    return fail(errc::io, path.string() + ": cannot be read");
  std::uint64_t number = 0;
  for (std::string line; std::getline(in, line) && !in.eof();) {
    ++number;
    if (const std::string wrong = take(line); !wrong.empty())
      return fail(errc::corrupt, path.string() + ":" + std::to_string(number) + ": " + wrong);
  }
  return {};
}

std::string take_record(const std::string& line, sides& into) {
  try {
    const json read = json::parse(line);
    const payment_key key{read.at("terminal"), read.at("stan"), read.at("transmitted_at")};
    if (!into.terminals.emplace(key, recorded{read.at("amount"), read.at("outcome")}).second)
      into.doubled.push_back("recorded twice: " + text_of(key));
  } catch (const json::exception&) {
    return "it is no payment";
  }
  return "";
}

/// A captured payment stands until it is reversed.
std::string take_effect(const std::string& line, sides& into) {
  const auto read = acquirer::parse_line(line);
  if (!read)
    return read.error().message;
  const auto& key = read->key;
  if (read->kind == effect_kind::captured) {
    const payment_key named{key.terminal, key.stan, key.transmitted_at};
    if (!into.acquirer.emplace(named, read->amount_minor).second)
      into.doubled.push_back("captured twice: " + text_of(named));
  }
  const auto& original = read->original_key;
  if (read->kind == effect_kind::reversed && read->original != 0 &&
      into.acquirer.erase({original.terminal, original.stan, original.transmitted_at}) == 0)
    into.doubled.push_back("reversed what does not stand: " + line);
  return "";
}

void compare_recorded(const sides& of, comparison& into) {
  for (const auto& [key, payment] : of.terminals) {
    const auto found = of.acquirer.find(key);
    const bool stands = found != of.acquirer.end();
    if (payment.outcome == "in_doubt")
      ++into.in_doubt;
    else if (stands && payment.outcome != "approved")
      into.differences.push_back("stands, but the terminal has it " + payment.outcome + ": " +
                                 text_of(key));
    else if (!stands && payment.outcome == "approved")
      into.differences.push_back("approved, but does not stand: " + text_of(key));
    else if (stands && found->second != payment.amount_minor)
      into.differences.push_back("another amount: " + text_of(key));
    else
      into.agreed += stands ? 1 : 0;
  }
}

void compare_captured(const sides& of, comparison& into) {
  std::set<std::string> known;
  for (const auto& [key, payment] : of.terminals)
    known.insert(std::get<0>(key));
  for (const auto& [key, amount] : of.acquirer)
    if (known.contains(std::get<0>(key)) && !of.terminals.contains(key))
      into.differences.push_back("stands, but no terminal knows of it: " + text_of(key));
}

} // namespace

result<comparison> compare(const std::filesystem::path& record,
                           const std::filesystem::path& journal) {
  sides of;
  const auto read = for_each_line(record, [&](const auto& line) { return take_record(line, of); });
  if (!read)
    return tl::unexpected(read.error());
  const auto done = for_each_line(journal, [&](const auto& line) { return take_effect(line, of); });
  if (!done)
    return tl::unexpected(done.error());
  comparison made{.payments = of.terminals.size(), .differences = std::move(of.doubled)};
  compare_recorded(of, made);
  compare_captured(of, made);
  return made;
}

} // namespace ducat::terminals

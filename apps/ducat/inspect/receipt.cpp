#include "inspect/receipt.hpp"

#include "inspect/log_source.hpp"
#include "inspect/refusal.hpp"

#include <ducat/digest.hpp>

#include <nlohmann/json.hpp>

#include <charconv>
#include <ostream>

namespace ducat::cli {

namespace {

constexpr std::size_t digits_shown = 16;
constexpr std::size_t digits_all = 2 * sizeof(digest);

/// What was found in the log, and the sentence about it.
struct finding_about_receipt {
  receipt_verdict verdict;
  std::string text;
};

/// What was read of the log, up to the entry that is asked for.
struct part_read {
  std::uint64_t first = 0; ///< 0 if the log is empty.
  std::uint64_t last = 0;
  std::string hash; ///< Of the entry that is asked for.
};

finding_about_receipt judge(const written_receipt& given, const part_read& log) {
  const std::string entry = "entry " + std::to_string(given.index);
  if (log.last < given.index)
    return {receipt_verdict::not_yet,
            entry + " is not in this log yet: the newest is " + std::to_string(log.last)};
  if (given.index < log.first)
    return {receipt_verdict::trimmed,
            entry + " was trimmed away; the first one kept is " + std::to_string(log.first)};
  if (!log.hash.starts_with(given.hash))
    return {receipt_verdict::other_hash, entry + " of this log has another hash: " + log.hash};
  return {receipt_verdict::in_log, entry + " is in this log with that hash: " + log.hash};
}

result<finding_about_receipt> look_up(const std::filesystem::path& data,
                                      const written_receipt& given) {
  part_read log;
  const auto read = read_log(data, [&](const entry& e) {
    log.first = log.first == 0 ? e.index : log.first;
    log.last = e.index;
    if (e.index == given.index)
      log.hash = to_hex(e.hash);
    return e.index < given.index;
  });
  if (!read)
    return tl::unexpected(read.error());
  return judge(given, log);
}

void print(const console& io, const written_receipt& given, const finding_about_receipt& found) {
  const bool is_good = found.verdict == receipt_verdict::in_log;
  if (io.is_json())
    io.out << nlohmann::ordered_json{{"verdict", to_string(found.verdict)},
                                     {"index", given.index},
                                     {"message", found.text}}
           << '\n';
  else
    (is_good ? io.out : io.err) << (is_good ? "" : "ducat: ") << found.text << '\n';
}

} // namespace

std::ostream& operator<<(std::ostream& out, const written_receipt& value) {
  return out << value.index << '/' << value.hash;
}

result<written_receipt> parse_receipt(std::string_view text) {
  written_receipt given;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), given.index);
  const auto digits = static_cast<std::size_t>(end - text.data());
  if (code == std::errc{} && digits < text.size() && text[digits] == '/')
    given.hash = text.substr(digits + 1);
  const bool is_hex = given.hash.find_first_not_of("0123456789abcdef") == std::string::npos;
  const bool is_whole = given.hash.size() == digits_shown || given.hash.size() == digits_all;
  if (given.index == 0 || !is_hex || !is_whole)
    return fail(errc::invalid_argument,
                "a receipt is INDEX/HASH, with 16 or 64 lower-case hex digits of the hash");
  return given;
}

std::string_view to_string(receipt_verdict value) noexcept {
  switch (value) {
  case receipt_verdict::in_log:
    return "in_log";
  case receipt_verdict::not_yet:
    return "not_yet";
  case receipt_verdict::trimmed:
    return "trimmed";
  case receipt_verdict::other_hash:
    return "other_hash";
  }
  return "unknown";
}

exit_code verify_receipt(const std::filesystem::path& data, std::string_view text,
                         const console& io) {
  const auto given = parse_receipt(text);
  if (!given) {
    io.err << "ducat: " << given.error() << '\n';
    return exit_code::usage;
  }
  const auto found = look_up(data, *given);
  if (!found)
    return refuse(io.err, found.error());
  print(io, *given, *found);
  return found->verdict == receipt_verdict::in_log ? exit_code::done : exit_code::failed;
}

} // namespace ducat::cli

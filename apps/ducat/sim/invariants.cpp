#include "sim/invariants.hpp"

#include <algorithm>
#include <string_view>

namespace ducat::cli {

namespace {

/// One has been violated where one of the marks stands in a sentence: with '^' at its beginning.
struct invariant {
  std::string_view name;
  std::vector<std::string_view> marks;
};

/// What the checker holds the log against, by finding_kind.
const std::vector<invariant>& of_any_run() {
  static const std::vector<invariant> all{
      {"What was acknowledged is in the log", {"^lost: "}},
      {"Nothing has an effect twice or two answers",
       {"^doubled: ", "had an effect once more, in entry"}},
      {"Nothing has an effect that nobody asked for", {"^phantom: "}},
      {"Log, clients and answers say the same", {"^altered: "}},
      {"Receipts are those of the log", {"^receipt: "}},
      {"Every effect is one that its history allows", {"^impossible: "}},
      {"No account spends what it does not have", {"^overdrawn: "}},
      {"Debits and credits are equal", {"^unbalanced: "}},
      {"The log is one chain", {"^broken: "}},
      {"A run ends by itself", {"^the process ended: "}}};
  return all;
}

const std::vector<invariant>& of_clusters() {
  static const std::vector<invariant> all{
      {"Something is acknowledged", {"^nothing was acknowledged"}},
      {"Every outcome becomes known", {"^outcomes stay unknown"}},
      {"What is read is what some entry has made, and not an old one", {" was asked when entry "}},
      {"Whoever writes the log says the same, and so do all that begin anew",
       {"^when ", ", which writes the log, does not answer", "^nobody takes the log over"}},
      {"Settlement goes on until nothing is left to be done", {"^settlement left "}},
      {"Acquirers have what the log says, and were asked once",
       {" there: ", "^stands there", "^told there", "^the acquirer has ", "^two attempts of ours",
        "^somebody owes the acquirer", " attempts stay open", "^attempt "}},
      {"Payments are what their terminals were told", {"^its terminal was told"}},
      {"Every event is delivered, signed and in order",
       {" was not delivered", " came before the one before it", " is not signed as it must be",
        " events came that nobody has made"}},
      {"A file of settlement is the same whoever makes it", {"^file "}},
      {"Every change of a payment has its event", {"^event ", "^no event tells"}},
      {"No node damages what it has", {"^damage that nobody has done"}},
      {"Nodes show what the log says", {"^node"}},
      {"The same seed gives the same run", {"^the same seed gave another run"}}};
  return all;
}

const std::vector<invariant>& of_disks() {
  static const std::vector<invariant> all{
      {"What was acknowledged is on the disk, or damage is noticed",
       {"is not the one that was acknowledged", " was acknowledged, and is not in the log",
        "cannot be read"}},
      {"Whose time is over writes nothing",
       {"from a writer whose epoch is over", "the token of a grant that is over"}},
      {"A machine begins again and goes on",
       {"^it does not begin again", "^nobody can go on", "could not be committed",
        "^a grant was refused"}}};
  return all;
}

constexpr std::string_view anything_else = "Nothing else was found";

bool has_mark(std::string_view sentence, std::string_view mark) {
  return mark.starts_with('^') ? sentence.starts_with(mark.substr(1))
                               : sentence.find(mark) != std::string_view::npos;
}

bool is_of(std::string_view sentence, const invariant& what) {
  return std::ranges::any_of(what.marks,
                             [&](std::string_view mark) { return has_mark(sentence, mark); });
}

std::vector<invariant> invariants_of(bool on_disk) {
  std::vector<invariant> all = of_any_run();
  for (const invariant& each : on_disk ? of_disks() : of_clusters())
    all.push_back(each);
  all.push_back({anything_else, {"^"}});
  return all;
}

} // namespace

std::vector<invariant_count> by_invariant(const std::vector<failed_seed>& failed, bool on_disk) {
  const std::vector<invariant> all = invariants_of(on_disk);
  std::vector<invariant_count> counts;
  for (const invariant& each : all)
    counts.push_back({.name = std::string{each.name}});
  for (const failed_seed& seed : failed) {
    std::vector<bool> is_violated(all.size());
    for (const std::string& sentence : seed.violations) {
      const auto found =
          std::ranges::find_if(all, [&](const invariant& each) { return is_of(sentence, each); });
      const auto number = static_cast<std::size_t>(found - all.begin());
      if (counts[number].first_finding.empty())
        counts[number].first_finding = sentence;
      is_violated[number] = true;
    }
    for (std::size_t i = 0; i < all.size(); ++i)
      counts[i].seeds += is_violated[i] ? 1 : 0;
  }
  return counts;
}

} // namespace ducat::cli

/// What was proven, for people.

#include <ducat/testing/prove.hpp>

#include <iomanip>
#include <ostream>
#include <sstream>

namespace ducat::testing {

namespace {

/// As it is written in C++, where `throw` is no name.
std::string_view enumerator_of(fault_action what) {
  return what == fault_action::crash ? "crash" : to_string(what);
}

std::string code_of(const flow_fault& what) {
  std::ostringstream code;
  code << "{.what = ducat::fault_action::" << enumerator_of(what.what) << ", .at = " << what.at;
  if (!what.node.empty())
    code << ", .node = " << std::quoted(what.node);
  if (!what.child.empty())
    code << ", .child = " << std::quoted(what.child);
  if (!what.point.empty())
    code << ", .point = " << std::quoted(what.point);
  code << '}';
  return code.str();
}

std::string counts_of(const std::map<std::string, std::uint64_t>& counts) {
  std::string text;
  for (const auto& [name, count] : counts)
    text += (text.empty() ? "" : ", ") + name + " " + std::to_string(count);
  return text.empty() ? "none" : text;
}

std::string list_of(const std::vector<child_place>& children) {
  std::string text;
  for (const child_place& each : children)
    text += (text.empty() ? "" : ", ") + each.path + "@" + each.node;
  return text;
}

std::ostream& field(std::ostream& out, std::string_view name) {
  return out << std::left << std::setw(15) << name;
}

void print_seed(std::ostream& out, const explored_seed& of) {
  field(out, "seed " + std::to_string(of.seed)) << of.messages << " boundaries between messages\n";
  field(out, "  fault points") << counts_of(of.points) << '\n';
  field(out, "  children") << list_of(of.children) << '\n';
}

std::uint64_t pairs_possible(const certificate& of) {
  std::uint64_t sum = 0;
  for (const explored_seed& each : of.seeds)
    sum += each.pairs_possible;
  return sum;
}

} // namespace

std::string test_of(const certificate& of, const failed_trial& what) {
  std::ostringstream code;
  code << "TEST(" << of.flow << ", Hold" << (what.what.faults.empty() ? "" : "WhenThisBreaks")
       << ") {\n"
       << "  const auto run = ducat::testing::run_trial(\n"
       << "      " << of.maker << ",\n"
       << "      {.seed = " << what.what.seed << ",\n"
       << "       .faults = {";
  for (const flow_fault& each : what.what.faults)
    code << (&each == &what.what.faults.front() ? "" : ",\n                  ") << code_of(each);
  code << "},\n"
       << "       .lease = std::chrono::milliseconds{" << what.what.lease.count() << "}});\n"
       << "  EXPECT_TRUE(run.holds()) << run;\n"
       << "}\n";
  return code.str();
}

std::ostream& operator<<(std::ostream& out, const certificate& what) {
  field(out, "flow") << what.flow << '\n';
  field(out, "requests");
  for (const std::string& each : what.requests)
    out << (&each == &what.requests.front() ? "" : ", ") << each;
  out << '\n';
  for (const explored_seed& each : what.seeds)
    print_seed(out, each);
  field(out, "runs") << what.without << " without a fault, " << what.singles << " with one, "
                     << what.pairs << " of " << pairs_possible(what) << " with two\n";
  field(out, "faults") << counts_of(what.broken_by) << "; " << what.came_too_late
                       << " came too late\n";
  for (const auto& [answer, count] : what.answers)
    field(out, "answered") << answer << ", in " << count << " runs\n";
  field(out, "failed") << what.failed << " runs\n";
  for (const claim_count& each : what.claims)
    out << (each.broken == 0 ? "  held " : "  BROKEN ") << each.claim << ": in "
        << (each.broken == 0 ? each.held : each.broken) << " runs\n";
  if (what.shortest.empty())
    return out;
  const failed_trial& first = what.shortest.front();
  out << "\nshortest failing run:";
  for (const flow_fault& each : first.what.faults)
    out << (&each == &first.what.faults.front() ? " " : ", and ") << each;
  if (first.what.faults.empty())
    out << " without any fault";
  out << '\n';
  for (const broken_claim& each : first.broken)
    out << "  " << each.claim << ": " << each.why << '\n';
  return out << '\n' << test_of(what, first);
}

} // namespace ducat::testing

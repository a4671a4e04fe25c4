#include "availability/availability_command.hpp"

#include "availability/figures.hpp"
#include "client/show.hpp"
#include "client/table.hpp"

#include <nlohmann/json.hpp>

#include <chrono>

namespace ducat::cli {

namespace {

constexpr const char* no_number = "-";

duration microseconds(std::uint64_t count) {
  return std::chrono::microseconds{static_cast<std::int64_t>(count)};
}

/// Returns the share of `whole` that `part` is, from what is missing of it.
std::string share_of(std::uint64_t part, std::uint64_t whole) {
  if (whole == 0)
    return no_number;
  return percent_of(static_cast<double>(whole - part) / static_cast<double>(whole));
}

std::string state_of(const v1::SubjectAvailability& line) {
  return line.state() + (line.state() == "serving" && line.fault_present() ? ", fault" : "");
}

std::vector<std::string> cells_of(const v1::SubjectAvailability& line) {
  return {line.subject(),
          line.kind(),
          state_of(line),
          span_of(microseconds(line.observed_us())),
          share_of(line.serving_us(), line.observed_us()),
          share_of(line.serving_with_fault_us(), line.with_fault_us()),
          std::to_string(line.failures()),
          line.has_mtbf_us() ? span_of(microseconds(line.mtbf_us())) : no_number,
          line.has_mttr_us() ? span_of(microseconds(line.mttr_us())) : no_number,
          line.has_predicted() ? percent_of(line.predicted().unavailability()) : no_number,
          line.has_predicted() ? line.predicted().mode() : no_number};
}

void print(std::ostream& out, const v1::AvailabilityReply& reply) {
  out << "as " << reply.node() << " has seen it, window " << reply.window() << '\n';
  table rows{{{"SUBJECT"},
              {"KIND"},
              {"STATE"},
              {"OBSERVED", align::right},
              {"AVAILABILITY", align::right},
              {"FAULT TOLERANCE", align::right},
              {"FAILURES", align::right},
              {"MTBF", align::right},
              {"MTTR", align::right},
              {"PREDICTED", align::right},
              {"AS"}}};
  for (const v1::SubjectAvailability& line : reply.subjects())
    rows.add(cells_of(line));
  rows.print(out);
  if (reply.left_out() != 0)
    out << "there were too many children: " << reply.left_out() << " times one was left out\n";
}

void print_json(std::ostream& out, const monitor::redundancy& mode,
                const monitor::prediction& made) {
  nlohmann::ordered_json document = {{"mode", to_string(mode)},
                                     {"availability", made.availability},
                                     {"unavailability", made.unavailability}};
  if (made.fault_tolerance)
    document["fault_tolerance"] = *made.fault_tolerance;
  out << document.dump() << '\n';
}

/// Returns `share` of a year.
std::string of_a_year(double share) {
  const std::chrono::duration<double> year = std::chrono::hours{365 * 24};
  return span_of(std::chrono::duration_cast<duration>(year * share));
}

} // namespace

exit_code show_availability(const session& with, const availability_arguments& arguments) {
  v1::AvailabilityRequest request;
  request.set_subject(arguments.subject);
  request.set_window(arguments.window);
  const auto reply =
      call(with.limits, repetition::read, with.node, &v1::Node::Stub::Availability, request);
  return show(with, reply, [&](const v1::AvailabilityReply& all) { print(with.io.out, all); });
}

exit_code predict_availability(const availability_arguments& arguments, const console& io) {
  const auto made = monitor::predict(arguments.mode, arguments.times);
  if (!made) {
    io.err << "ducat: " << made.error().message << '\n';
    return exit_code::usage;
  }
  if (io.is_json()) {
    print_json(io.out, arguments.mode, *made);
    return exit_code::done;
  }
  print_fields(io.out,
               {{"mode", to_string(arguments.mode)},
                {"one unit", "MTBF " + span_of(arguments.times.mtbf) + ", MTTR " +
                                 span_of(arguments.times.mttr)},
                {"availability", percent_of(made->unavailability)},
                {"not serving", of_a_year(made->unavailability) + " a year"},
                {"fault tolerance",
                 made->fault_tolerance ? percent_of(1 - *made->fault_tolerance) : no_number}});
  return exit_code::done;
}

} // namespace ducat::cli

#include "tree/report_view.hpp"

#include <nlohmann/json.hpp>

#include <ostream>

namespace ducat::cli {

namespace {

using nlohmann::ordered_json;

std::string shown(const std::string& path) {
  return path.empty() ? "(root)" : path;
}

ordered_json json_of(const lint_finding& found) {
  return {{"severity", to_string(severity_of(found.code))},
          {"path", found.path},
          {"code", to_string(found.code)},
          {"text", found.text}};
}

/// Returns null for a number that there is not.
ordered_json number(bool is_there, std::uint64_t value) {
  return is_there ? ordered_json(value) : ordered_json(nullptr);
}

ordered_json json_of(const start_count& count) {
  return {{"path", count.path},
          {"starts", number(count.then != start_count::end::goes_on, count.starts)},
          {"then", to_string(count.then)},
          {"at", count.at}};
}

template <class T>
ordered_json list_of(const std::vector<T>& values) {
  auto list = ordered_json::array();
  for (const T& value : values)
    list.push_back(json_of(value));
  return list;
}

void print_json(std::ostream& out, const lint_report& report) {
  const start_count* const most = report.starts_before_root_gives_up();
  const ordered_json document{
      {"findings", list_of(report.findings)},
      {"starts_before_root_gives_up", number(most != nullptr, most ? most->starts : 0)},
      {"starts", list_of(report.starts)}};
  out << document.dump(-1, ' ', false, ordered_json::error_handler_t::replace) << '\n';
}

void print_text(const console& io, const lint_report& report) {
  for (const lint_finding& found : report.findings) {
    const lint_severity severity = severity_of(found.code);
    const auto shade = severity == lint_severity::warning ? colour::yellow : colour::plain;
    io.out << painted(io, shade, std::string{to_string(severity)}) << ' ' << shown(found.path)
           << ' ' << to_string(found.code) << ": " << found.text << '\n';
  }
  io.out << "starts before the root gives up: ";
  if (const start_count* const most = report.starts_before_root_gives_up())
    io.out << most->starts << " (" << most->path << ")\n";
  else
    io.out << "no child alone can make it give up\n";
}

} // namespace

void print_report(const console& io, const lint_report& report) {
  if (io.is_json())
    print_json(io.out, report);
  else
    print_text(io, report);
}

} // namespace ducat::cli

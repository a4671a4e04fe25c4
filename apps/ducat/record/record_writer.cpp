#include "record/record_writer.hpp"

#include <nlohmann/json.hpp>

#include <system_error>

namespace ducat::cli {

namespace {

/// Returns the size of the file up to the end of its last whole line.
std::uint64_t size_of_whole_lines(const std::filesystem::path& path) {
  std::ifstream in{path, std::ios::binary};
  std::uint64_t whole = 0;
  std::string line;
  while (std::getline(in, line) && !in.eof())
    whole += line.size() + 1;
  return whole;
}

nlohmann::ordered_json line_of(const operation_id& id) {
  return {{"op", to_string(id.kind)}, {"key", id.key}};
}

std::string text_of(const nlohmann::ordered_json& line) {
  return line.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

} // namespace

result<record_writer> record_writer::open(const std::filesystem::path& path) {
  std::error_code failed;
  if (std::filesystem::exists(path))
    std::filesystem::resize_file(path, size_of_whole_lines(path), failed);
  std::ofstream out{path, std::ios::binary | std::ios::app};
  if (failed || !out)
    return fail(errc::io, "cannot write " + path.string());
  return record_writer{std::move(out)};
}

result<void> record_writer::invoked(const operation_id& id, const std::string& body,
                                    std::uint64_t at_ns) {
  auto line = line_of(id);
  line["body"] = body;
  line["invoke_ns"] = at_ns;
  return write(text_of(line));
}

result<void> record_writer::answered(const operation_id& id, const call_answer& answer,
                                     std::uint64_t at_ns) {
  auto line = line_of(id);
  line["outcome"] = to_string(answer.outcome);
  line["payment_id"] = answer.payment_id;
  line["state"] = answer.state;
  line["amount"] = answer.amount;
  line["captured"] = answer.captured;
  line["refunded"] = answer.refunded;
  line["index"] = answer.index;
  line["hash"] = answer.hash;
  line["replayed"] = answer.replayed;
  line["error"] = answer.error;
  line["return_ns"] = at_ns;
  return write(text_of(line));
}

result<void> record_writer::write(const std::string& line) {
  out_ << line << '\n' << std::flush;
  if (!out_)
    return fail(errc::io, "the record cannot be written");
  return {};
}

} // namespace ducat::cli

#include "iso8583/json_documents.hpp"

#include <cctype>
#include <istream>
#include <set>
#include <vector>

namespace ducat::cli {

namespace {

using nlohmann::ordered_json;

constexpr int depth_max = 16;

/// Returns the text up to the brace that closes the first one; all there is if none does.
std::string take_object(std::istream& in) {
  std::string text;
  int depth = 0;
  bool in_string = false;
  for (char c = 0; in.get(c);) {
    text += c;
    if (in_string) {
      if (c == '\\' && in.get(c))
        text += c;
      else if (c == '"')
        in_string = false;
    } else if (c == '"') {
      in_string = true;
    } else if (c == '{' || c == '}') {
      depth += c == '{' ? 1 : -1;
      if (depth <= 0 || depth > depth_max)
        break;
    }
  }
  return text;
}

/// Throws if an object has a name twice.
class names_once {
public:
  bool operator()(int, ordered_json::parse_event_t event, const ordered_json& parsed) {
    using enum ordered_json::parse_event_t;
    if (event == object_start)
      open_.emplace_back();
    else if (event == object_end)
      open_.pop_back();
    else if (event == key && !open_.back().insert(parsed.get<std::string>()).second)
      throw std::invalid_argument{"a name stands in it twice"};
    return true;
  }

private:
  std::vector<std::set<std::string>> open_;
};

} // namespace

tl::expected<std::optional<ordered_json>, std::string> next_object(std::istream& in) {
  while (std::isspace(in.peek()) != 0)
    in.get();
  if (in.peek() == std::istream::traits_type::eof())
    return std::nullopt;
  if (in.peek() != '{')
    return tl::unexpected(std::string{"a JSON object begins with {"});
  const std::string text = take_object(in);
  try {
    return ordered_json::parse(text, names_once{});
  } catch (const ordered_json::parse_error& why) {
    return tl::unexpected("no JSON, at byte " + std::to_string(why.byte) + " of the object");
  } catch (const std::invalid_argument& why) {
    return tl::unexpected(std::string{why.what()});
  }
}

} // namespace ducat::cli

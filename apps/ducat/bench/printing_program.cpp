#include "bench/printing_program.hpp"

#include <utility>

namespace ducat::bench {

std::string quoted(const std::string& word) {
  std::string text = "'";
  for (const char c : word)
    text += c == '\'' ? std::string{"'\\''"} : std::string(1, c);
  return text + "'";
}

std::optional<std::string> printing_program::next_line() {
  std::string line;
  for (int c = 0; pipe_ != nullptr && (c = std::fgetc(pipe_)) != EOF;) {
    if (c == '\n')
      return line;
    line += static_cast<char>(c);
  }
  return std::nullopt;
}

bool printing_program::wait() {
  FILE* const pipe = std::exchange(pipe_, nullptr);
  return pipe != nullptr && ::pclose(pipe) == 0;
}

} // namespace ducat::bench

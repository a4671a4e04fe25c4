/// A program that is run for the lines it prints.
#pragma once

#include <cstdio>
#include <optional>
#include <string>

namespace ducat::bench {

/// Returns `word` for a shell.
std::string quoted(const std::string& word);

class printing_program {
public:
  /// Starts it by the shell.
  explicit printing_program(const std::string& command) : pipe_{::popen(command.c_str(), "re")} {}

  printing_program(const printing_program&) = delete;
  printing_program& operator=(const printing_program&) = delete;

  ~printing_program() { wait(); }

  /// Waits for the next line; nothing if there is none any more.
  std::optional<std::string> next_line();

  /// Returns whether it ended well; once.
  bool wait();

private:
  FILE* pipe_;
};

} // namespace ducat::bench

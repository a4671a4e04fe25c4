#include <ducat/fatal.hpp>

#include <cstdio>
#include <cstdlib>
#include <string>

namespace ducat {

void end_process(const error& what) noexcept {
  const std::string advice{advice_for(what.code)};
  std::fprintf(stderr, "process_ended reason=\"%s\"\n%s%s", to_string(what).c_str(), advice.c_str(),
               advice.empty() ? "" : "\n");
  std::_Exit(fatal_exit_code);
}

} // namespace ducat

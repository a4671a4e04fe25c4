#include <ducat/fatal.hpp>

#include <cstdio>
#include <cstdlib>

namespace ducat {

void end_process(const error& what) noexcept {
  std::fprintf(stderr, "process_ended reason=\"%s\"\n", to_string(what).c_str());
  std::_Exit(fatal_exit_code);
}

} // namespace ducat

#include "core/simulated_end.hpp"

#include <ducat/fatal.hpp>

#include <cstdio>
#include <cstdlib>
#include <string>
#include <utility>

namespace ducat {

namespace {

thread_local const simulated_end* end_of_thread = nullptr;

} // namespace

const simulated_end* put_end(const simulated_end* how) noexcept {
  return std::exchange(end_of_thread, how);
}

void end_process(const error& what) {
  if (end_of_thread != nullptr)
    (*end_of_thread)(what);
  const std::string advice{advice_for(what.code)};
  std::fprintf(stderr, "process_ended reason=\"%s\"\n%s%s", to_string(what).c_str(), advice.c_str(),
               advice.empty() ? "" : "\n");
  std::_Exit(fatal_exit_code);
}

} // namespace ducat

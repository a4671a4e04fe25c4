/// Files of operators: a node's configuration, a tree, a schedule of faults.

#include "chaos/schedule_file.hpp"
#include "config.hpp"
#include "fuzz/input.hpp"
#include "tree/tree_file.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <string>

namespace {

/// A file in memory: what reads a configuration takes a path.
class file_in_memory {
public:
  explicit file_in_memory(std::string_view bytes) : descriptor_{::memfd_create("config", 0)} {
    DUCAT_CHECK(::write(descriptor_, bytes.data(), bytes.size()) ==
                static_cast<ssize_t>(bytes.size()));
  }

  file_in_memory(const file_in_memory&) = delete;
  file_in_memory& operator=(const file_in_memory&) = delete;

  ~file_in_memory() { ::close(descriptor_); }

  std::string path() const { return "/proc/self/fd/" + std::to_string(descriptor_); }

private:
  int descriptor_;
};

} // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ducat;
  fuzz::input in{data, size};
  const std::size_t kind = in.choose(3);
  const file_in_memory file{in.rest()};
  switch (kind) {
  case 0:
    (void)load_config(file.path());
    break;
  case 1:
    (void)cli::load_tree(file.path());
    break;
  default:
    (void)cli::read_schedule(file.path());
  }
  return 0;
}

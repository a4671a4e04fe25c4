#include "inspect/refusal.hpp"

#include <ostream>

namespace ducat::cli {

exit_code refuse(std::ostream& err, const error& why) {
  err << "ducat: cannot read the log: " << explained(why) << std::endl;
  return exit_code::failed;
}

} // namespace ducat::cli

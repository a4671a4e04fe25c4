/// `ducat-acquirer ctl`: asks something of an acquirer that runs on this machine.
#pragma once

#include <cstdint>
#include <iosfwd>
#include <string>
#include <vector>

namespace ducat::acquirer {

/// Sends `words` as a line to the control port and prints the answer. Returns 0, 1 if the acquirer
/// refused it, 69 if there is none.
int control(std::uint16_t port, const std::vector<std::string>& words, std::ostream& out,
            std::ostream& err);

} // namespace ducat::acquirer

/// What one person alone may not have done. Pure.
#pragma once

namespace ducat::v1 {
class Command;
}

namespace ducat::payment {

/// Returns whether the command is a correction by hand, terms or limits of settlement, money of its
/// participants, or what has a settlement run once more: who asks for it does not approve it.
/// Whether it is asked for by a person makes no difference here.
bool needs_second(const v1::Command& command);

} // namespace ducat::payment

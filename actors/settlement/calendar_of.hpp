/// A calendar as it is in the log.
#pragma once

#include <ducat/settlement/calendar.hpp>
#include <ducat/v1/settlement_journal.pb.h>

namespace ducat::settlement {

inline calendar calendar_of(const v1::Calendar& from) {
  return {.time_zone = from.time_zone(),
          .cut_offs = {from.cut_offs().begin(), from.cut_offs().end()},
          .weekend = {from.weekend().begin(), from.weekend().end()},
          .holidays = {from.holidays().begin(), from.holidays().end()}};
}

} // namespace ducat::settlement

/// Captures that were made elsewhere, as CSV (RFC 4180).
#pragma once

#include <ducat/iso20022/import.hpp>
#include <ducat/v1/settlement_journal.pb.h>

#include <cstddef>
#include <functional>

namespace ducat::settlement {

using capture_visitor = std::function<void(v1::PresentedCapture capture, std::size_t line)>;

/// Gives each capture. The first line names the columns, in any order:
///   reference   1 to 64 printable characters without spaces
///   from, to    accounts; `to` is a merchant
///   amount      in minor units, more than 0
///   business_date   20261129 or 2026-11-29; may be empty, and the column may be missing
/// In bounded memory. What is wrong is in the report, with its line, and is left out: with
/// anything left out, or if it is not complete, nothing of the file is to be used. A column of
/// another name is wrong, too: it may be one of these, misspelt.
iso20022::import_report read_captures_csv(const iso20022::byte_source& bytes,
                                          const capture_visitor& visitor);

} // namespace ducat::settlement

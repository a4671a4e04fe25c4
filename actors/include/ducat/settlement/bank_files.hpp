/// The files that a bank takes.
#pragma once

#include <ducat/settlement/files.hpp>

namespace ducat::settlement {

/// Returns csv_files(), and for each batch with a debtor's IBAN "BATCH.xml", a pain.001.001.09,
/// which submits it. Ids have '-' for '_' in it, which banks do not take. A batch that does not fit
/// the message has no files at all; the error names the transfer and field.
file_formats bank_files();

} // namespace ducat::settlement

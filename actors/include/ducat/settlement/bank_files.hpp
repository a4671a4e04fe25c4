/// The files that a bank takes.
#pragma once

#include <ducat/iso20022/initiation.hpp>
#include <ducat/settlement/files.hpp>

namespace ducat::settlement {

/// Returns csv_files(), and for each batch with a debtor's IBAN "BATCH.xml", the order, which
/// submits it: a pain.001 to one's own bank, or a pacs.008 if one is a bank among banks and pays
/// out through clearing; then every account has a BIC. Its name is the same in each form, so that
/// the log takes one order of a batch. Ids have '-' for '_' in it, which banks do not take. A batch
/// that does not fit the message has no files at all; the error names the transfer and field.
file_formats bank_files(iso20022::order_message order = iso20022::order_message::pain_001_001_09);

} // namespace ducat::settlement

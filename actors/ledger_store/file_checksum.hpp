/// The checksum of a whole file of the state: XXH3-64, which a processor without instructions for
/// CRC32 makes far faster than RocksDB's own.
#pragma once

#include <rocksdb/file_checksum.h>

#include <memory>

namespace ducat::ledger {

std::shared_ptr<rocksdb::FileChecksumGenFactory> file_checksums();

} // namespace ducat::ledger

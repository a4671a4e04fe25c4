/// The files of settlements and payout batches: what is in them, and how they are written.
#pragma once

#include <ducat/error.hpp>
#include <ducat/v1/settlement.pb.h>

#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace ducat::settlement {

/// A settlement, and what each merchant has in each of its windows: by window, then by merchant.
struct settled_facts {
  v1::Settlement settlement;
  std::vector<v1::MerchantWindow> rows;
};

/// A batch, its payouts in their order, and the merchants that are paid.
struct batch_facts {
  v1::PayoutBatch batch;
  std::vector<v1::Payout> payouts;
  std::map<std::string, v1::Merchant> merchants{};
};

struct made_file {
  std::string name; ///< 1 to 128 of a-z A-Z 0-9 . _ -
  std::string text;
  bool submits = false; ///< It is the order to the bank: with it the payouts are submitted.
};

/// How files are made. Pure: equal facts make equal bytes, on whatever node and however often.
struct file_formats {
  std::function<result<std::vector<made_file>>(const settled_facts&)> of_settlement;
  std::function<result<std::vector<made_file>>(const batch_facts&)> of_batch;
  /// Returns the names of the files that of_settlement makes of the settlement with this id. (A
  /// batch has all of its files when the order is recorded, which comes last.)
  std::function<std::vector<std::string>(const std::string& id)> settlement_names;
};

using recorded_files = google::protobuf::RepeatedPtrField<v1::SettlementFile>;

/// Returns whether the log has a file of each name.
bool has_all(const recorded_files& recorded, const std::vector<std::string>& names);

/// Returns CSV files: "SETTLEMENT.csv" with a row for each merchant and window, and "BATCH.csv"
/// with a row for each payout. Amounts are in minor units.
file_formats csv_files();

/// Puts the file into `directory`, which is made if it is missing. After a crash it is whole or not
/// there. One that is there already with the same bytes stays. Errors: not_permitted (it is there
/// with other bytes, and stays), io.
result<void> put_file(const std::filesystem::path& directory, const made_file& file);

} // namespace ducat::settlement

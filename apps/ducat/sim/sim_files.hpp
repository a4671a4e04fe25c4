/// Where the nodes of a simulated cluster put the files of settlement.
#pragma once

#include <ducat/log.hpp>
#include <ducat/settlement/settlement_actor.hpp>
#include <ducat/testing/sim_disk.hpp>

#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace ducat::cli {

/// Every file that was made, whoever made it, as it was made first. One thread.
class sim_files {
public:
  /// Notes that a file was made. Whoever makes it again has to make the same.
  void note(const settlement::made_file& file);

  /// Returns a sentence for each file that was made again and was another one, and for each that
  /// stands in `log` and was not made so.
  std::vector<std::string> violations(std::span<const entry> log) const;

private:
  std::map<std::string, std::string> made_; ///< Texts by name.
  std::vector<std::string> differing_;
};

/// Returns what puts files on that disk, as settlement::put_file() does, and has them noted.
settlement::file_sink files_on(std::shared_ptr<testing::sim_disk> disk,
                               std::shared_ptr<sim_files> noted);

} // namespace ducat::cli

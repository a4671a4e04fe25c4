#include "sim/sim_files.hpp"

#include "check/history.hpp"

#include <ducat/digest.hpp>
#include <ducat/v1/journal.pb.h>

#include <utility>

namespace ducat::cli {

void sim_files::note(const settlement::made_file& file) {
  const auto [found, is_new] = made_.emplace(file.name, file.text);
  if (!is_new && found->second != file.text)
    differing_.push_back("file " + file.name + " was made again, and is another one");
}

std::vector<std::string> sim_files::violations(std::span<const entry> log) const {
  std::vector<std::string> wrong = differing_;
  for (const entry& each : log) {
    const auto commands = commands_in(each.payload);
    if (!commands)
      continue;
    for (const v1::Command& command : *commands) {
      if (!command.settlement().has_file())
        continue;
      const v1::RecordFile& recorded = command.settlement().file();
      const auto found = made_.find(recorded.name());
      if (found == made_.end())
        wrong.push_back("file " + recorded.name() + " is in the log, and was never made");
      else if (recorded.sha256() != ducat::bytes_of(sha256({found->second})))
        wrong.push_back("file " + recorded.name() + " is another one in the log");
    }
  }
  return wrong;
}

settlement::file_sink files_on(std::shared_ptr<testing::sim_disk> disk,
                               std::shared_ptr<sim_files> noted) {
  return [disk = std::move(disk),
          noted = std::move(noted)](const settlement::made_file& file) -> result<void> {
    noted->note(file);
    const std::string place = "settlement/" + file.name;
    const std::string there = disk->read(place);
    if (there == file.text)
      return {};
    return there.empty() ? disk->replace(place, file.text)
                         : fail(errc::not_permitted, file.name + " is there, and is another one");
  };
}

} // namespace ducat::cli

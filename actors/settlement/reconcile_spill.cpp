#include "settlement/reconcile_spill.hpp"

#include <stdlib.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>

namespace ducat::settlement {

namespace {

/// What an item begins with; its reference follows.
struct spilled_head {
  std::int64_t amount = 0;
  std::int64_t fee = 0;
  std::uint64_t window = 0;
  std::uint32_t currency = 0;
  std::uint32_t business_date = 0;
  std::uint16_t reference_size = 0;
  reconciliation_side side = reconciliation_side::internal;
  bool has_fee = false;
  bool is_aside = false;
  std::uint8_t unused[3] = {0, 0, 0}; ///< What would be a gap.
};

tl::unexpected<error> spill_failed() {
  return fail(errc::io,
              std::string{"a temporary file of a reconciliation: "} + std::strerror(errno));
}

} // namespace

result<item_file> item_file::create(const std::filesystem::path& directory) {
  std::string path = directory / "reconciliation-XXXXXX";
  const int opened = ::mkstemp(path.data());
  if (opened < 0)
    return spill_failed();
  ::unlink(path.c_str());
  std::FILE* const file = ::fdopen(opened, "w+b");
  if (file == nullptr) {
    ::close(opened);
    return spill_failed();
  }
  return item_file{file};
}

result<void> item_file::write(reconciliation_side side, const reconciliation_item& item) {
  const spilled_head head{.amount = item.amount,
                          .fee = item.fee.value_or(0),
                          .window = item.window,
                          .currency = item.currency,
                          .business_date = item.business_date,
                          .reference_size = static_cast<std::uint16_t>(item.reference.size()),
                          .side = side,
                          .has_fee = item.fee.has_value(),
                          .is_aside = item.is_aside};
  if (std::fwrite(&head, sizeof head, 1, file_.get()) != 1 ||
      std::fwrite(item.reference.data(), 1, item.reference.size(), file_.get()) !=
          item.reference.size())
    return spill_failed();
  return {};
}

result<void> item_file::rewind() {
  if (std::fflush(file_.get()) != 0 || std::fseek(file_.get(), 0, SEEK_SET) != 0)
    return spill_failed();
  return {};
}

result<bool> item_file::read(reconciliation_side& side, reconciliation_item& item) {
  spilled_head head;
  if (std::fread(&head, sizeof head, 1, file_.get()) != 1)
    return std::ferror(file_.get()) == 0 ? result<bool>{false} : spill_failed();
  item.reference.resize(head.reference_size);
  if (std::fread(item.reference.data(), 1, item.reference.size(), file_.get()) !=
      item.reference.size())
    return spill_failed();
  item.amount = head.amount;
  item.fee = head.has_fee ? std::optional{head.fee} : std::nullopt;
  item.window = head.window;
  item.currency = head.currency;
  item.business_date = head.business_date;
  item.is_aside = head.is_aside;
  side = head.side;
  return true;
}

} // namespace ducat::settlement

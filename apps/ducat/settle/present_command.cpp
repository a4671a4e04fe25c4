#include "client/show.hpp"
#include "settle/files.hpp"
#include "settle/given_file.hpp"

#include <ducat/settlement/captures_csv.hpp>

#include <optional>

namespace ducat::cli {

namespace {

constexpr int captures_at_once = 4'096;
constexpr std::size_t capture_bytes_at_once = 60'000; ///< A node takes messages of 64 KiB.

/// Sends captures, as many at once as may be.
class presenter {
public:
  explicit presenter(const session& with) : with_{with} {}

  /// Returns false if the node has refused some, or did not answer.
  bool take(v1::PresentedCapture capture, std::size_t line) {
    constexpr std::size_t tag_bytes = 4;
    if (unsent_.items().empty())
      first_line_ = line;
    last_line_ = line;
    bytes_ += capture.ByteSizeLong() + tag_bytes;
    *unsent_.add_items() = std::move(capture);
    return (unsent_.items_size() < captures_at_once && bytes_ < capture_bytes_at_once) || flush();
  }

  bool flush() {
    if (unsent_.items().empty())
      return true;
    const auto reply = call(with_.limits, repetition::keyed, with_.node,
                            &v1::Settlements::Stub::PresentCaptures, unsent_);
    if (!reply) {
      failed_ = reply.error();
      return false;
    }
    count_.set_taken(count_.taken() + reply->presented().taken());
    count_.set_known(count_.known() + reply->presented().known());
    count_.set_refused(count_.refused() + reply->presented().refused());
    unsent_.clear_items();
    bytes_ = 0;
    return true;
  }

  /// How it ended.
  exit_code show_result() const {
    if (!with_.io.is_json())
      with_.io.out << "taken " << count_.taken() << ", known " << count_.known() << ", refused "
                   << count_.refused() << '\n';
    else if (!failed_)
      with_.io.out << json_of(count_) << '\n';
    if (failed_) {
      with_.io.err << "ducat: lines " << first_line_ << " to " << last_line_
                   << " and what is behind them were not taken\n";
      return report(with_.io, *failed_, "the same file");
    }
    return count_.refused() == 0 ? exit_code::done : exit_code::failed;
  }

private:
  const session& with_;
  v1::PresentCaptures unsent_;
  v1::PresentedCount count_;
  std::size_t bytes_ = 0;
  std::size_t first_line_ = 0;
  std::size_t last_line_ = 0;
  std::optional<failure> failed_;
};

} // namespace

exit_code present_from(const session& with, const std::string& path) {
  auto file = given_file::open(path);
  if (!file) {
    with.io.err << "ducat: " << file.error().message << '\n';
    return exit_code::usage;
  }
  const auto checked =
      settlement::read_captures_csv(file->bytes(), [](const v1::PresentedCapture&, std::size_t) {});
  if (!checked.complete || checked.left_out > 0 || !file->is_unchanged()) {
    print_notes(with.io.err, checked);
    with.io.err << "ducat: " << path << " is not right: nothing was presented\n";
    return exit_code::usage;
  }
  presenter to{with};
  bool goes_on = true;
  settlement::read_captures_csv(file->bytes(), [&](v1::PresentedCapture capture, std::size_t line) {
    goes_on = goes_on && to.take(std::move(capture), line);
  });
  if (goes_on)
    to.flush();
  const exit_code shown = to.show_result();
  if (file->is_unchanged())
    return shown;
  with.io.err << "ducat: the file was changed while it was read: give it again\n";
  return exit_code::failed;
}

} // namespace ducat::cli

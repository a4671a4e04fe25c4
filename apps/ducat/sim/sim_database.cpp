#include "sim/sim_database.hpp"

#include "ledger_store/fault_points.hpp"
#include "ledger_store/segment_writer.hpp"

#include <ducat/digest.hpp>
#include <ducat/fatal.hpp>

#include <rocksdb/write_batch.h>

#include <algorithm>
#include <exception>
#include <utility>

namespace ducat::cli {

namespace {

using ledger::family;
using testing::sector_bytes;

tl::unexpected<error> damaged(const std::string& what) {
  return fail(errc::corrupt, "the state is damaged: " + what);
}

// Bytes ------------------------------------------------------------------------------------------

std::string bytes_of(std::uint64_t number) {
  std::string bytes;
  for (int i = 0; i < 8; ++i)
    bytes += static_cast<char>(number >> (8 * i));
  return bytes;
}

std::uint64_t number_in(std::string_view bytes) {
  std::uint64_t number = 0;
  for (std::size_t i = 0; i < 8; ++i)
    number |= std::uint64_t{static_cast<unsigned char>(bytes[i])} << (8 * i);
  return number;
}

/// A number, and the checksum of its bytes.
std::string sealed(std::uint64_t number) {
  const std::string bytes = bytes_of(number);
  return bytes + bytes_of(checksum(bytes));
}

std::optional<std::uint64_t> unsealed(std::string_view bytes) {
  if (bytes.size() < 16 || checksum(bytes.substr(0, 8)) != number_in(bytes.substr(8)))
    return std::nullopt;
  return number_in(bytes);
}

/// A batch's length, the checksum of that, its bytes and their checksum.
std::string record_of(const std::string& batch) {
  return sealed(batch.size()) + batch + bytes_of(checksum(batch));
}

std::string prefix_of(family of) {
  return {static_cast<char>('a' + static_cast<int>(of))};
}

/// Puts what a batch holds into rows.
class batch_reader final : public rocksdb::WriteBatch::Handler {
public:
  explicit batch_reader(sim_database::rows& into) : into_{into} {}

  void Put(const rocksdb::Slice& key, const rocksdb::Slice& value) override {
    into_[key.ToString()] = value.ToString();
  }

  void Delete(const rocksdb::Slice& key) override { into_.erase(key.ToString()); }

private:
  sim_database::rows& into_;
};

result<void> apply(const std::string& batch, sim_database::rows& to) {
  batch_reader reader{to};
  const rocksdb::WriteBatch parsed{batch};
  return parsed.Iterate(&reader).ok() ? result<void>{} : damaged("a batch cannot be read");
}

/// Before the first batch counts there is none, though parts of that batch may be there.
bool has_header(std::string_view file) {
  return std::ranges::any_of(file.substr(0, sector_bytes), [](char each) { return each != 0; });
}

/// Returns how much of the file counts.
result<std::size_t> end_in(std::string_view file) {
  if (!has_header(file))
    return sector_bytes;
  const auto end = unsealed(file);
  if (!end)
    return damaged("nobody knows how much of it counts");
  if (*end < sector_bytes || *end > file.size())
    return damaged("it is too short");
  return static_cast<std::size_t>(*end);
}

result<void> read_records(std::string_view records, sim_database::rows& into) {
  while (!records.empty()) {
    const auto length = unsealed(records);
    if (!length || records.size() < 24 || *length > records.size() - 24)
      return damaged("the length of a batch");
    const std::string batch{records.substr(16, *length)};
    if (checksum(batch) != number_in(records.substr(16 + *length)))
      return damaged("the checksum of a batch");
    if (auto done = apply(batch, into); !done)
      return done;
    records.remove_prefix(24 + *length);
  }
  return {};
}

// Looking ----------------------------------------------------------------------------------------

/// Over the rows of one family, as they were when it was made.
class row_iterator final : public rocksdb::Iterator {
public:
  row_iterator(std::shared_ptr<const sim_database::rows> rows, family over)
      : rows_{std::move(rows)}, begin_{rows_->lower_bound(prefix_of(over))},
        end_{rows_->lower_bound(prefix_of(static_cast<family>(static_cast<int>(over) + 1)))},
        at_{end_}, prefix_{prefix_of(over)} {}

  bool Valid() const override { return at_ != end_; }

  void SeekToFirst() override { at_ = begin_; }

  void SeekToLast() override { at_ = begin_ == end_ ? end_ : std::prev(end_); }

  void Seek(const rocksdb::Slice& key) override {
    at_ = rows_->lower_bound(prefix_ + key.ToString());
  }

  void SeekForPrev(const rocksdb::Slice& key) override {
    at_ = rows_->upper_bound(prefix_ + key.ToString());
    Prev();
  }

  void Next() override { ++at_; }

  void Prev() override { at_ = at_ == begin_ ? end_ : std::prev(at_); }

  rocksdb::Slice key() const override { return {at_->first.data() + 1, at_->first.size() - 1}; }

  rocksdb::Slice value() const override { return at_->second; }

  rocksdb::Status status() const override { return {}; }

private:
  std::shared_ptr<const sim_database::rows> rows_;
  sim_database::rows::const_iterator begin_;
  sim_database::rows::const_iterator end_;
  sim_database::rows::const_iterator at_;
  const std::string prefix_;
};

// Writing ----------------------------------------------------------------------------------------

/// What a thread is to the real one is a task of the node here. It ends with its node.
class apart_writer final : public ledger::segment_writer {
public:
  apart_writer(sim_database& db, std::shared_ptr<testing::sim_disk> disk, std::uint64_t session,
               std::uint32_t first)
      : disk_{std::move(disk)}, shared_{std::make_shared<shared>(db, session, first)} {}

  void write(ledger::segment_write what) override {
    wait();
    shared_->is_busy = true;
    disk_->run_apart([in = shared_, what = std::move(what)] {
      try {
        rocksdb::WriteBatch batch;
        const bool is_written = write_segment(
            in->db, in->session, what, static_cast<std::uint32_t>(in->first + in->written), batch);
        in->written += is_written ? 1 : 0;
      } catch (const std::exception&) {
        return; // The node has ended, and this with it.
      }
      in->is_busy = false;
    });
  }

  void wait() override {
    if (shared_->is_busy)
      disk_->wait_until([this] { return !shared_->is_busy; });
  }

  std::uint64_t written() const override { return shared_->written; }

private:
  struct shared {
    shared(sim_database& d, std::uint64_t s, std::uint32_t f) : db{d}, session{s}, first{f} {}

    sim_database& db; ///< Outlives its node's tasks: see sim_state.
    const std::uint64_t session;
    const std::uint32_t first;
    std::uint64_t written = 0;
    bool is_busy = false;
  };

  std::shared_ptr<testing::sim_disk> disk_;
  std::shared_ptr<shared> shared_;
};

} // namespace

result<void> sim_database::open() {
  const std::string file = disk_->read(sim_state_file);
  const auto end = end_in(file);
  if (!end)
    return tl::unexpected(end.error());
  end_ = *end;
  return file.size() <= sector_bytes
             ? result<void>{}
             : read_records(std::string_view{file}.substr(sector_bytes, end_ - sector_bytes),
                            *rows_);
}

result<void> sim_database::check_file(std::string_view file) {
  rows unused;
  return end_in(file).and_then([&](std::size_t end) {
    return file.size() <= sector_bytes
               ? result<void>{}
               : read_records(file.substr(sector_bytes, end - sector_bytes), unused);
  });
}

std::string sim_database::file() const {
  return disk_->read(sim_state_file).substr(0, end_);
}

std::optional<std::string> sim_database::get(family from, const std::string& key) const {
  const auto found = rows_->find(prefix_of(from) + key);
  return found == rows_->end() ? std::nullopt : std::optional{found->second};
}

std::unique_ptr<rocksdb::Iterator> sim_database::iterate(family over) const {
  return std::make_unique<row_iterator>(rows_, over);
}

void sim_database::put(rocksdb::WriteBatch& batch, family into, const std::string& key,
                       const std::string& value) const {
  batch.Put(prefix_of(into) + key, value);
}

void sim_database::remove(rocksdb::WriteBatch& batch, family from, const std::string& key) const {
  batch.Delete(prefix_of(from) + key);
}

result<void> sim_database::verify() const {
  return check_file(file());
}

std::uint64_t sim_database::begin_session() {
  if (is_writing_)
    disk_->wait_until([this] { return !is_writing_; });
  return ++session_;
}

bool sim_database::write(std::uint64_t session, rocksdb::WriteBatch& batch) {
  const auto self = shared_from_this(); // The life that owns it may end while this waits.
  if (is_writing_)
    disk_->wait_until([this] { return !is_writing_; });
  if (session != session_)
    return false;
  is_writing_ = true;
  make_durable(batch.Data());
  if (rows_.use_count() > 1)
    rows_ = std::make_shared<rows>(*rows_);
  if (const auto done = apply(batch.Data(), *rows_); !done)
    end_process(done.error());
  is_writing_ = false;
  return true;
}

void sim_database::make_durable(const std::string& batch) {
  const std::string record = record_of(batch);
  auto done = disk_->write(sim_state_file, end_, record);
  if (done) {
    ledger::before_flush.hit();
    done = disk_->sync(sim_state_file);
  }
  if (done)
    done = disk_->write(sim_state_file, 0, sealed(end_ + record.size()));
  if (done)
    done = disk_->sync(sim_state_file);
  if (!done)
    end_process(done.error());
  end_ += record.size();
}

std::unique_ptr<ledger::segment_writer> sim_database::make_writer(std::uint64_t session,
                                                                  std::uint32_t first) {
  return std::make_unique<apart_writer>(*this, disk_, session, first);
}

result<void> sim_database::copy_to(const std::filesystem::path&) const {
  return fail(errc::not_permitted, "a simulated disk has no directories");
}

} // namespace ducat::cli

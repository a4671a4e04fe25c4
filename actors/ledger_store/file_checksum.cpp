#include "ledger_store/file_checksum.hpp"

#include <xxhash.h>

#include <string>

namespace ducat::ledger {

namespace {

constexpr const char* checksum_name = "XXH3-64";

class file_checksum final : public rocksdb::FileChecksumGenerator {
public:
  file_checksum() : state_{XXH3_createState()} { XXH3_64bits_reset(state_.get()); }

  void Update(const char* data, std::size_t size) override {
    XXH3_64bits_update(state_.get(), data, size);
  }

  void Finalize() override {
    XXH64_canonical_t bytes;
    XXH64_canonicalFromHash(&bytes, XXH3_64bits_digest(state_.get()));
    value_.assign(reinterpret_cast<const char*>(bytes.digest), sizeof(bytes.digest));
  }

  std::string GetChecksum() const override { return value_; }

  const char* Name() const override { return checksum_name; }

private:
  struct free_state {
    void operator()(XXH3_state_t* state) const { XXH3_freeState(state); }
  };

  std::unique_ptr<XXH3_state_t, free_state> state_;
  std::string value_;
};

class file_checksum_factory final : public rocksdb::FileChecksumGenFactory {
public:
  std::unique_ptr<rocksdb::FileChecksumGenerator>
  CreateFileChecksumGenerator(const rocksdb::FileChecksumGenContext&) override {
    return std::make_unique<file_checksum>();
  }

  const char* Name() const override { return checksum_name; }
};

} // namespace

std::shared_ptr<rocksdb::FileChecksumGenFactory> file_checksums() {
  return std::make_shared<file_checksum_factory>();
}

} // namespace ducat::ledger

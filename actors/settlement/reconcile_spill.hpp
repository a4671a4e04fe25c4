/// Items in a file without a name: it is gone with the process, however that ends.
#pragma once

#include <ducat/error.hpp>
#include <ducat/settlement/difference.hpp>

#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <memory>

namespace ducat::settlement {

enum class reconciliation_side : std::uint8_t { internal, external };

/// Written first, then read. Only this process knows the format; batches are not kept.
class item_file {
public:
  /// Errors: io.
  static result<item_file> create(const std::filesystem::path& directory);

  /// Errors: io, such as a full disk.
  result<void> write(reconciliation_side side, const reconciliation_item& item);

  /// From now on it is read. Errors: io.
  result<void> rewind();

  /// Reads the next item; returns false at the end. Errors: io.
  result<bool> read(reconciliation_side& side, reconciliation_item& item);

private:
  struct closer {
    void operator()(std::FILE* file) const noexcept { std::fclose(file); }
  };

  explicit item_file(std::FILE* file) : file_{file} {}

  std::unique_ptr<std::FILE, closer> file_;
};

} // namespace ducat::settlement

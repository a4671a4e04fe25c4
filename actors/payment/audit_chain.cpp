#include <ducat/digest.hpp>
#include <ducat/payment/audit_chain.hpp>

#include <string_view>

namespace ducat::payment {

namespace {

int value_of(char digit) {
  return digit >= 'a' ? digit - 'a' + 10 : digit - '0';
}

/// Returns 32 bytes; zeros of what is no hash.
digest digest_in(std::string_view hex) {
  digest bytes{};
  if (hex.size() != 2 * bytes.size() || hex.find_first_not_of("0123456789abcdef") != hex.npos)
    return bytes;
  for (std::size_t i = 0; i < bytes.size(); ++i)
    bytes[i] = static_cast<std::uint8_t>(value_of(hex[2 * i]) * 16 + value_of(hex[2 * i + 1]));
  return bytes;
}

} // namespace

std::string audit_hash(const std::string& before, const v1::AuditEntry& entry) {
  v1::AuditEntry bare = entry;
  bare.clear_hash();
  return to_hex(sha256({bytes_of(digest_in(before)), bare.SerializeAsString()}));
}

} // namespace ducat::payment

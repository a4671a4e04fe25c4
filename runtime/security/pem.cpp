#include "security/pem.hpp"

#include "security/files.hpp"

#include <ducat/check.hpp>

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>

namespace ducat::security {

namespace {

namespace fs = std::filesystem;

using bio_ptr = std::unique_ptr<BIO, freed_by<BIO_free_all>>;

/// `text` has to live longer.
bio_ptr reader_of(std::string_view text) {
  bio_ptr reader{BIO_new_mem_buf(text.data(), static_cast<int>(text.size()))};
  DUCAT_CHECK(reader != nullptr);
  return reader;
}

bio_ptr make_writer() {
  bio_ptr writer{BIO_new(BIO_s_mem())};
  DUCAT_CHECK(writer != nullptr);
  return writer;
}

std::string text_in(BIO& writer) {
  const char* text = nullptr;
  const long size = BIO_get_mem_data(&writer, &text);
  return {text, static_cast<std::size_t>(size)};
}

/// Without it OpenSSL would ask at the terminal.
int no_passphrase(char*, int, int, void*) {
  return -1;
}

/// Returns whether the last read failed only because nothing more is there. Forgets the failure.
bool was_at_end() {
  const unsigned long code = ERR_peek_last_error();
  ERR_clear_error();
  return ERR_GET_LIB(code) == ERR_LIB_PEM && ERR_GET_REASON(code) == PEM_R_NO_START_LINE;
}

} // namespace

result<std::vector<certificate_ptr>> load_certificates(const fs::path& file) {
  const auto text = read_file(file);
  if (!text)
    return tl::unexpected(text.error());
  const bio_ptr reader = reader_of(*text);
  std::vector<certificate_ptr> found;
  ERR_clear_error();
  while (X509* const each = PEM_read_bio_X509(reader.get(), nullptr, no_passphrase, nullptr))
    found.emplace_back(each);
  if (!was_at_end() || found.empty())
    return fail(errc::invalid_argument, file.string() + " is no certificate in PEM, or is damaged");
  return found;
}

result<certificate_ptr> parse_certificate(const std::string& text) {
  certificate_ptr found{PEM_read_bio_X509(reader_of(text).get(), nullptr, no_passphrase, nullptr)};
  ERR_clear_error();
  if (!found)
    return fail(errc::invalid_argument, "this is no certificate in PEM, or a damaged one");
  return found;
}

result<key_ptr> load_key(const fs::path& file) {
  if (auto own = check_key_file(file); !own)
    return tl::unexpected(own.error());
  const auto text = read_file(file);
  if (!text)
    return tl::unexpected(text.error());
  key_ptr key{PEM_read_bio_PrivateKey(reader_of(*text).get(), nullptr, no_passphrase, nullptr)};
  ERR_clear_error();
  if (!key)
    return fail(errc::invalid_argument,
                file.string() + " is no private key in PEM, is damaged, or has a passphrase");
  return key;
}

std::string pem_of(X509& certificate) {
  const bio_ptr writer = make_writer();
  DUCAT_CHECK(PEM_write_bio_X509(writer.get(), &certificate) == 1);
  return text_in(*writer);
}

std::string pem_of(EVP_PKEY& key) {
  const bio_ptr writer = make_writer();
  DUCAT_CHECK(PEM_write_bio_PKCS8PrivateKey(writer.get(), &key, nullptr, nullptr, 0, nullptr,
                                            nullptr) == 1);
  return text_in(*writer);
}

} // namespace ducat::security

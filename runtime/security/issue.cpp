#include "security/files.hpp"
#include "security/sign.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <array>

namespace ducat::security {

namespace {

namespace fs = std::filesystem;

constexpr const char* authority_name = "ca";
constexpr mode_t key_mode = S_IRUSR | S_IWUSR;
constexpr mode_t certificate_mode = S_IRUSR | S_IWUSR | S_IRGRP | S_IROTH;

fs::path certificate_file(const fs::path& directory, const std::string& name) {
  return directory / (name + ".crt");
}

fs::path key_file(const fs::path& directory, const std::string& name) {
  return directory / (name + ".key");
}

/// A CA as it lies in its directory.
struct authority {
  certificate_ptr certificate;
  key_ptr key;
  certificate_info info;
};

// What may be issued ------------------------------------------------------------------------------

result<void> check_name(std::string_view what, const std::string& name) {
  if (is_name(name))
    return {};
  return fail(errc::invalid_argument, "the name of a " + std::string{what} +
                                          " is 1 to 64 of a-z A-Z 0-9 . _ -, not '" + name + "'");
}

result<void> check_holder(const identity& who) {
  if (auto named = check_name(to_string(who.kind), who.name); !named)
    return named;
  if (who.name == authority_name)
    return fail(errc::invalid_argument, "nothing can be issued to 'ca': its files would be those "
                                        "of the CA");
  return {};
}

result<void> check_hosts(const std::vector<std::string>& hosts) {
  for (const std::string& each : hosts)
    if (!is_host(each))
      return fail(errc::invalid_argument, "'" + each + "' is no DNS name and no address");
  return {};
}

result<void> check_validity(std::chrono::days valid) {
  if (valid >= std::chrono::days{1} && valid <= validity_max)
    return {};
  return fail(errc::invalid_argument,
              "a certificate is valid for 1 to " + std::to_string(validity_max.count()) + " days");
}

result<void> check_authority(const authority& ca, const fs::path& file, calendar_time now) {
  const std::string name = file.string();
  if (!ca.info.is_authority || !is_name(ca.info.organization))
    return fail(errc::invalid_argument, name + " is no CA of a cluster");
  if (X509_check_private_key(ca.certificate.get(), ca.key.get()) != 1)
    return fail(errc::not_permitted, "the key of the CA is not that of " + name);
  if (now < ca.info.not_before)
    return fail(errc::not_permitted,
                "the CA " + name + " is not valid before " + utc(ca.info.not_before));
  if (now >= ca.info.not_after)
    return fail(errc::not_permitted, "the CA " + name + " expired at " + utc(ca.info.not_after));
  return {};
}

result<authority> load_authority(const fs::path& directory, calendar_time now) {
  const fs::path file = certificate_file(directory, authority_name);
  auto certificates = load_certificates(file);
  if (!certificates)
    return tl::unexpected(certificates.error());
  auto key = load_key(key_file(directory, authority_name));
  if (!key)
    return tl::unexpected(key.error());
  authority ca{.certificate = std::move(certificates->front()), .key = std::move(*key), .info = {}};
  ca.info = info_of(*ca.certificate);
  if (auto good = check_authority(ca, file, now); !good)
    return tl::unexpected(good.error());
  return ca;
}

/// Expects no certificate of somebody else in `file`. A damaged one is nobody's.
result<void> check_replaceable(const fs::path& file, const identity& who) {
  const auto found = read_certificate(file);
  if (!found &&
      (found.error().code == errc::not_found || found.error().code == errc::invalid_argument))
    return {};
  if (!found)
    return tl::unexpected(found.error());
  if (found->who == who)
    return {};
  return fail(errc::not_permitted, file.string() + " is not a certificate of " + uri_of(who) +
                                       (found->who ? " but of " + uri_of(*found->who) : "") +
                                       "; nothing was written");
}

// What is issued ----------------------------------------------------------------------------------

result<issued_files> write_pair(const fs::path& directory, const std::string& name,
                                X509& certificate, EVP_PKEY& key, if_there rule) {
  const std::array files{
      new_file{key_file(directory, name), pem_of(key), key_mode},
      new_file{certificate_file(directory, name), pem_of(certificate), certificate_mode}};
  if (auto written = write_files(directory, files, rule); !written)
    return tl::unexpected(written.error());
  return issued_files{
      .certificate = files[1].path, .key = files[0].path, .info = info_of(certificate)};
}

certificate_plan plan_of_leaf(const identity& who, std::chrono::days valid,
                              const certificate_info& ca, calendar_time now) {
  return {.organization = who.cluster,
          .common_name = who.name,
          .not_before = std::max<calendar_time>(now - validity_back, ca.not_before),
          .not_after = std::min<calendar_time>(now + valid, ca.not_after),
          .extensions = {{NID_basic_constraints, "critical,CA:FALSE"},
                         {NID_key_usage, "critical,digitalSignature"},
                         {NID_ext_key_usage,
                          who.kind == role::node ? "serverAuth,clientAuth" : "clientAuth"}},
          .uri = uri_of(who)};
}

/// Returns where a node is reached, each once. An id that is no DNS name is left out: some TLS
/// libraries refuse a whole certificate for it.
std::vector<std::string> hosts_of(const node_options& node) {
  std::vector<std::string> hosts;
  const auto add = [&](const std::string& host) {
    if (is_host(host) && std::ranges::find(hosts, host) == hosts.end())
      hosts.push_back(host);
  };
  for (const std::string& each : {node.id, std::string{"localhost"}, std::string{"127.0.0.1"}})
    add(each);
  std::ranges::for_each(node.hosts, add);
  return hosts;
}

/// Issues to `who`, whose cluster is the one of the CA.
result<issued_files> issue(const fs::path& directory, identity who, std::chrono::days valid,
                           std::vector<std::string> hosts, calendar_time now) {
  if (auto good = check_holder(who); !good)
    return tl::unexpected(good.error());
  if (auto good = check_validity(valid); !good)
    return tl::unexpected(good.error());
  const auto ca = load_authority(directory, now);
  if (!ca)
    return tl::unexpected(ca.error());
  who.cluster = ca->info.organization;
  if (auto free = check_replaceable(certificate_file(directory, who.name), who); !free)
    return tl::unexpected(free.error());
  certificate_plan plan = plan_of_leaf(who, valid, ca->info, now);
  plan.hosts = std::move(hosts);
  const key_ptr key = make_key();
  const certificate_ptr made = sign(plan, *key, *ca->key, ca->certificate.get());
  return write_pair(directory, who.name, *made, *key, if_there::replace);
}

} // namespace

result<issued_files> make_authority(const fs::path& directory, const authority_options& options,
                                    calendar_time now) {
  if (auto good = check_name("cluster", options.cluster); !good)
    return tl::unexpected(good.error());
  if (auto good = check_validity(options.valid); !good)
    return tl::unexpected(good.error());
  if (auto made = make_directory(directory); !made)
    return tl::unexpected(made.error());
  const certificate_plan plan{.organization = options.cluster,
                              .common_name = "ducat CA",
                              .not_before = now - validity_back,
                              .not_after = now + options.valid,
                              .extensions = {{NID_basic_constraints, "critical,CA:TRUE,pathlen:0"},
                                             {NID_key_usage, "critical,keyCertSign,cRLSign"}}};
  const key_ptr key = make_key();
  const certificate_ptr made = sign(plan, *key, *key, nullptr);
  return write_pair(directory, authority_name, *made, *key, if_there::refuse);
}

result<issued_files> issue_node(const fs::path& directory, const node_options& options,
                                calendar_time now) {
  if (auto good = check_hosts(options.hosts); !good)
    return tl::unexpected(good.error());
  return issue(directory, {.cluster = {}, .kind = role::node, .name = options.id}, options.valid,
               hosts_of(options), now);
}

result<issued_files> issue_client(const fs::path& directory, const client_options& options,
                                  calendar_time now) {
  if (options.kind == role::node)
    return fail(errc::invalid_argument, "a client is no node");
  return issue(directory, {.cluster = {}, .kind = options.kind, .name = options.name},
               options.valid, {}, now);
}

} // namespace ducat::security

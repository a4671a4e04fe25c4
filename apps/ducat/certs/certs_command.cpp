#include "certs/certs_command.hpp"

#include "client/table.hpp"

#include <nlohmann/json.hpp>

#include <ostream>

namespace ducat::cli {

namespace {

using nlohmann::ordered_json;
using security::certificate_info;
using security::issued_files;
using security::utc;

exit_code refuse(const console& io, const error& why) {
  io.err << "ducat: " << to_string(why) << '\n';
  const bool is_wrong = why.code == errc::invalid_argument || why.code == errc::not_found;
  return is_wrong ? exit_code::usage : exit_code::failed;
}

std::string holder_of(const certificate_info& info) {
  if (info.who)
    return uri_of(*info.who);
  return info.is_authority ? "the CA of the cluster " + info.organization
                           : "neither a node nor a client of a cluster";
}

std::string_view role_of(const certificate_info& info) {
  if (info.who)
    return to_string(info.who->kind);
  return info.is_authority ? "ca" : "none";
}

std::string_view state_of(const certificate_info& info, security::calendar_time now) {
  if (now < info.not_before)
    return "not_yet_valid";
  return now >= info.not_after ? "expired" : "valid";
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& each : words)
    text += (text.empty() ? "" : " ") + each;
  return text;
}

/// What both the making and the showing of a certificate say about it.
ordered_json document_of(const certificate_info& info) {
  return {{"role", role_of(info)},
          {"cluster", info.who ? info.who->cluster : info.organization},
          {"name", info.who ? info.who->name : info.common_name},
          {"not_before", utc(info.not_before)},
          {"not_after", utc(info.not_after)},
          {"alternative_names", info.alternative_names},
          {"serial", info.serial}};
}

exit_code print(const result<issued_files>& issued, const console& io) {
  if (!issued)
    return refuse(io, issued.error());
  if (io.is_json()) {
    ordered_json document{{"certificate", issued->certificate.string()},
                          {"key", issued->key.string()}};
    document.update(document_of(issued->info));
    io.out << document << '\n';
  } else {
    print_fields(io.out, {{"certificate", issued->certificate.string()},
                          {"key", issued->key.string()},
                          {"of", holder_of(issued->info)},
                          {"valid until", utc(issued->info.not_after)}});
  }
  return exit_code::done;
}

/// Returns how long what is issued is valid.
std::chrono::days validity(const certs_arguments& arguments, std::chrono::days usual) {
  return arguments.days ? std::chrono::days{*arguments.days} : usual;
}

} // namespace

exit_code make_authority(const certs_arguments& arguments, const console& io,
                         security::calendar_time now) {
  return print(
      security::make_authority(
          arguments.directory,
          {.cluster = arguments.name, .valid = validity(arguments, security::authority_validity)},
          now),
      io);
}

exit_code issue_node(const certs_arguments& arguments, const console& io,
                     security::calendar_time now) {
  return print(security::issue_node(arguments.directory,
                                    {.id = arguments.name,
                                     .hosts = arguments.hosts,
                                     .valid = validity(arguments, security::leaf_validity)},
                                    now),
               io);
}

exit_code issue_client(const certs_arguments& arguments, const console& io,
                       security::calendar_time now) {
  return print(security::issue_client(arguments.directory,
                                      {.name = arguments.name,
                                       .kind = *security::parse_role(arguments.role),
                                       .valid = validity(arguments, security::leaf_validity)},
                                      now),
               io);
}

exit_code show_certificate(const std::filesystem::path& file, const console& io,
                           security::calendar_time now) {
  const auto info = security::read_certificate(file);
  if (!info)
    return refuse(io, info.error());
  const std::string_view state = state_of(*info, now);
  if (io.is_json()) {
    ordered_json document = document_of(*info);
    document["state"] = state;
    io.out << document << '\n';
  } else {
    print_fields(io.out, {{"of", holder_of(*info)},
                          {"state", std::string{state}},
                          {"valid from", utc(info->not_before)},
                          {"valid until", utc(info->not_after)},
                          {"names", joined(info->alternative_names)},
                          {"serial", info->serial}});
  }
  return exit_code::done;
}

} // namespace ducat::cli

/// The messages of durable actors as they travel over links. Pure.
#pragma once

#include <ducat/durable.hpp>
#include <ducat/error.hpp>

#include <string>
#include <string_view>

namespace ducat::cluster {

inline constexpr std::string_view commit_type = "commit";
inline constexpr std::string_view query_type = "query";
inline constexpr std::string_view locate_type = "locate";
inline constexpr std::string_view grant_type = "grant";

std::string encode(const commit& what);
std::string encode(const query& what);
std::string encode(const locate& what);
std::string encode(const take_grant& what);
std::string encode(const committed& what);
std::string encode(const answer& what);
std::string encode(const log_position& what);
std::string encode(const grant& what);

/// Returns the T that `body` is. Errors: invalid_argument.
template <class T>
result<T> decode(const std::string& body);

template <>
result<commit> decode<commit>(const std::string& body);
template <>
result<query> decode<query>(const std::string& body);
template <>
result<locate> decode<locate>(const std::string& body);
template <>
result<take_grant> decode<take_grant>(const std::string& body);
template <>
result<committed> decode<committed>(const std::string& body);
template <>
result<answer> decode<answer>(const std::string& body);
template <>
result<log_position> decode<log_position>(const std::string& body);
template <>
result<grant> decode<grant>(const std::string& body);

} // namespace ducat::cluster

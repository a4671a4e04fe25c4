#include "postgres/connection.hpp"

#include <array>
#include <charconv>
#include <cstring>

namespace ducat::bench {

namespace {

constexpr std::uint32_t int8_oid = 20;

struct clearer {
  void operator()(PGresult* result) const noexcept { ::PQclear(result); }
};

using answer_handle = std::unique_ptr<PGresult, clearer>;

/// PostgreSQL's integers are big-endian.
template <class T>
void put(std::string& out, T value) {
  for (std::size_t i = sizeof(T); i-- > 0;)
    out += static_cast<char>(static_cast<std::uint64_t>(value) >> (8 * i));
}

} // namespace

void call_values::add(std::int64_t value) {
  put(values_.emplace_back(), value);
}

/// One dimension, no nulls, the type of the elements, how many, the first index; then the elements,
/// each behind its size.
void call_values::add(std::span<const std::int64_t> array) {
  std::string& bytes = values_.emplace_back();
  bytes.reserve(20 + 12 * array.size());
  for (const std::uint32_t field :
       std::array<std::uint32_t, 5>{1, 0, int8_oid, static_cast<std::uint32_t>(array.size()), 1})
    put(bytes, field);
  for (const std::int64_t value : array) {
    put(bytes, static_cast<std::uint32_t>(sizeof(value)));
    put(bytes, value);
  }
}

connection::connection(const std::string& address) : handle_{::PQconnectdb(address.c_str())} {
  if (::PQstatus(handle_.get()) != CONNECTION_OK)
    fail_now();
}

void connection::fail_now() const {
  throw postgres_failed{::PQerrorMessage(handle_.get())};
}

std::string connection::run(const std::string& sql) {
  const answer_handle answer{::PQexec(handle_.get(), sql.c_str())};
  const auto status = ::PQresultStatus(answer.get());
  if (status == PGRES_COMMAND_OK)
    return {};
  if (status != PGRES_TUPLES_OK)
    fail_now();
  return ::PQntuples(answer.get()) == 0 ? "" : ::PQgetvalue(answer.get(), 0, 0);
}

void connection::copy(const std::string& sql, const std::function<std::string()>& next) {
  if (const answer_handle begun{::PQexec(handle_.get(), sql.c_str())};
      ::PQresultStatus(begun.get()) != PGRES_COPY_IN)
    fail_now();
  for (std::string rows = next(); !rows.empty(); rows = next())
    if (::PQputCopyData(handle_.get(), rows.data(), static_cast<int>(rows.size())) != 1)
      fail_now();
  if (::PQputCopyEnd(handle_.get(), nullptr) != 1)
    fail_now();
  while (const answer_handle done{::PQgetResult(handle_.get())})
    if (::PQresultStatus(done.get()) != PGRES_COMMAND_OK)
      fail_now();
}

void connection::prepare(const std::string& name, const std::string& sql) {
  const answer_handle answer{::PQprepare(handle_.get(), name.c_str(), sql.c_str(), 0, nullptr)};
  if (::PQresultStatus(answer.get()) != PGRES_COMMAND_OK)
    fail_now();
}

void connection::send(const std::string& name, const call_values& values) {
  std::vector<const char*> pointers;
  std::vector<int> sizes;
  for (const std::string& each : values.values_) {
    pointers.push_back(each.data());
    sizes.push_back(static_cast<int>(each.size()));
  }
  const std::vector<int> binary(sizes.size(), 1);
  if (::PQsendQueryPrepared(handle_.get(), name.c_str(), static_cast<int>(sizes.size()),
                            pointers.data(), sizes.data(), binary.data(), 0) != 1)
    fail_now();
}

bool connection::receive() {
  if (::PQconsumeInput(handle_.get()) != 1)
    fail_now();
  return ::PQisBusy(handle_.get()) == 0;
}

std::int64_t connection::answer() {
  const answer_handle answer{::PQgetResult(handle_.get())};
  if (::PQresultStatus(answer.get()) != PGRES_TUPLES_OK || ::PQntuples(answer.get()) != 1)
    fail_now();
  const char* const text = ::PQgetvalue(answer.get(), 0, 0);
  std::int64_t value = 0;
  std::from_chars(text, text + std::strlen(text), value);
  while (const answer_handle more{::PQgetResult(handle_.get())}) {
  }
  return value;
}

} // namespace ducat::bench

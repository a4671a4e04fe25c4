/// Connections to PostgreSQL. Whatever the server refuses is thrown: this is a bench.
#pragma once

#include <libpq-fe.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

namespace ducat::bench {

struct postgres_failed : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// The values of a call, in PostgreSQL's binary form.
class call_values {
public:
  void add(std::int64_t value);
  void add(std::span<const std::int64_t> array);

  bool is_empty() const noexcept { return values_.empty(); }

private:
  friend class connection;

  std::vector<std::string> values_;
};

class connection {
public:
  explicit connection(const std::string& address);

  /// Runs statements and returns the first value of the last one.
  std::string run(const std::string& sql);

  /// Runs a COPY FROM STDIN of the rows that `next` returns, until it returns none.
  void copy(const std::string& sql, const std::function<std::string()>& next);

  /// Names a statement for send().
  void prepare(const std::string& name, const std::string& sql);

  /// Sends a call of a prepared statement; the next thing to be done with this is receive().
  void send(const std::string& name, const call_values& values);

  /// Takes in what has come; returns whether the answer is complete.
  bool receive();

  /// Returns the one integer that the answer is, once receive() has said that it is complete.
  std::int64_t answer();

  int socket() const { return ::PQsocket(handle_.get()); }

private:
  [[noreturn]] void fail_now() const;

  struct closer {
    void operator()(PGconn* handle) const noexcept { ::PQfinish(handle); }
  };

  std::unique_ptr<PGconn, closer> handle_;
};

} // namespace ducat::bench

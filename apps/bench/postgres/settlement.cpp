#include "postgres/settlement.hpp"

#include "bench/latencies.hpp"

#include <algorithm>
#include <string>

namespace ducat::bench {

namespace {

/// Of a merchant: what was captured and is not settled, what is settled and not paid out, and the
/// reserve. Merchant -1 is who takes the fees.
constexpr const char* settlement_tables = R"(
DROP TABLE IF EXISTS merchants, balances, windows, captures, entries;
CREATE TABLE merchants (
  id bigint PRIMARY KEY,
  basis_points bigint NOT NULL,
  fixed bigint NOT NULL,
  reserve_basis_points bigint NOT NULL,
  split_to bigint,
  split_denominator bigint
);
CREATE TABLE balances (
  merchant bigint PRIMARY KEY,
  pending bigint NOT NULL DEFAULT 0,
  available bigint NOT NULL DEFAULT 0,
  reserve bigint NOT NULL DEFAULT 0
);
CREATE TABLE windows (id bigint PRIMARY KEY, settlement bigint);
CREATE TABLE captures (
  id bigint PRIMARY KEY,
  window_id bigint NOT NULL,
  merchant bigint NOT NULL,
  payer bigint NOT NULL,
  amount bigint NOT NULL CHECK (amount > 0),
  settlement bigint
);
CREATE TABLE entries (
  settlement bigint NOT NULL,
  merchant bigint NOT NULL,
  kind text NOT NULL,
  amount bigint NOT NULL,
  PRIMARY KEY (settlement, merchant, kind)
);
)";

/// Sums, entries, balances of the merchants from $1 to before $2. Fees are rounded half to even.
constexpr const char* settling = R"(
CREATE OR REPLACE FUNCTION settle(first bigint, last bigint, marks_captures boolean)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  CREATE TEMP TABLE sums ON COMMIT DROP AS
    SELECT merchant, amount, fees, split, split_to, amount - fees - split AS net,
           least(amount * reserve_basis_points / 10000, amount - fees - split) AS held
    FROM (
      SELECT c.merchant, m.split_to, m.reserve_basis_points, sum(c.amount)::bigint AS amount,
             sum(c.amount * basis_points / 10000 + fixed +
                 CASE WHEN c.amount * basis_points % 10000 > 5000
                        OR c.amount * basis_points % 10000 = 5000
                           AND c.amount * basis_points / 10000 % 2 = 1
                      THEN 1 ELSE 0 END)::bigint AS fees,
             sum(coalesce(c.amount / split_denominator, 0))::bigint AS split
      FROM captures c JOIN merchants m ON m.id = c.merchant
      WHERE c.window_id = 1 AND c.merchant >= first AND c.merchant < last
      GROUP BY c.merchant, m.split_to, m.reserve_basis_points
    ) AS summed;
  INSERT INTO entries
    SELECT 1, merchant, 'fees', fees FROM sums UNION ALL
    SELECT 1, merchant, 'split', split FROM sums WHERE split <> 0 UNION ALL
    SELECT 1, merchant, 'net', net FROM sums UNION ALL
    SELECT 1, merchant, 'reserve', held FROM sums;
  UPDATE balances b SET pending = b.pending - s.amount, available = b.available + s.net - s.held,
                        reserve = b.reserve + s.held
    FROM sums s WHERE b.merchant = s.merchant;
  UPDATE balances b SET available = b.available + s.split
    FROM (SELECT split_to, sum(split) AS split FROM sums WHERE split <> 0 GROUP BY split_to) AS s
    WHERE b.merchant = s.split_to;
  UPDATE balances SET available = available + (SELECT coalesce(sum(fees), 0) FROM sums)
    WHERE merchant = -1;
  IF marks_captures THEN
    UPDATE captures SET settlement = 1
      WHERE window_id = 1 AND merchant >= first AND merchant < last;
  END IF;
END $$;
)";

constexpr const char* as_before = R"(
TRUNCATE entries;
UPDATE windows SET settlement = NULL;
UPDATE balances b SET available = 0, reserve = 0, pending = coalesce(
  (SELECT sum(amount) FROM captures c WHERE c.merchant = b.merchant AND c.window_id = 1), 0);
)";

std::string text_of(std::int64_t number) {
  return std::to_string(number);
}

void make_merchants(connection& with, const settle_shape& shape) {
  with.run("INSERT INTO merchants SELECT i, " + text_of(fee_basis_points) + ", " +
           text_of(fee_fixed) + ", " + text_of(reserve_basis_points) + ", CASE WHEN i % " +
           text_of(with_split) + " = " + text_of(with_split - 1) + " THEN 0 END, CASE WHEN i % " +
           text_of(with_split) + " = " + text_of(with_split - 1) + " THEN " +
           text_of(split_denominator) + " END FROM generate_series(0, " +
           text_of(shape.merchants - 1) + ") AS i");
  with.run("INSERT INTO balances SELECT id FROM merchants UNION ALL SELECT -1");
  with.run("INSERT INTO windows VALUES (1)");
}

void copy_captures(connection& with, const settle_shape& shape, std::uint64_t captures) {
  std::uint64_t made = 0;
  with.copy("COPY captures (id, window_id, merchant, payer, amount) FROM STDIN", [&] {
    constexpr std::uint64_t rows_at_once = 1'000;
    std::string rows;
    for (const std::uint64_t end = std::min(captures, made + rows_at_once); made < end; ++made) {
      const drawn_capture each = draw_capture(shape, made);
      rows += std::to_string(made) + "\t1\t" + std::to_string(each.merchant) + '\t' +
              std::to_string(each.payer) + '\t' + text_of(each.amount) + '\n';
    }
    return rows;
  });
}

/// Expects that money moved and none was made, and that what is to be marked is.
void expect_settled(connection& with, settled_mark marks) {
  const auto number = [&](const std::string& what) { return std::stoll(with.run(what)); };
  const auto captured = number("SELECT sum(amount) FROM captures WHERE window_id = 1");
  if (number("SELECT sum(available + reserve) FROM balances") != captured ||
      number("SELECT sum(abs(pending)) FROM balances") != 0 ||
      number("SELECT sum(amount) FROM entries WHERE kind <> 'reserve'") != captured)
    throw postgres_failed{"the balances are not what was captured"};
  if (marks == settled_mark::captures &&
      number("SELECT count(*) FROM captures WHERE settlement IS NULL") != 0)
    throw postgres_failed{"a capture is not settled"};
}

} // namespace

loaded_window load_window(connection& with, const settle_shape& shape, std::uint64_t captures) {
  loaded_window out;
  with.run("SET client_min_messages = warning");
  with.run(settlement_tables);
  with.run(settling);
  make_merchants(with, shape);
  const auto begin = steady::now();
  copy_captures(with, shape, captures);
  with.run("CREATE INDEX captures_by_merchant ON captures (window_id, merchant)");
  out.load_s = seconds_of(steady::now() - begin);
  with.run("VACUUM ANALYZE");
  with.run("CHECKPOINT");
  out.ready_s = seconds_of(steady::now() - begin);
  return out;
}

sql_settlement settle_in_sql(connection& with, const settle_shape& shape, settled_mark marks,
                             std::uint32_t merchants_at_once) {
  sql_settlement out{.marks = marks, .merchants_at_once = merchants_at_once};
  with.run(as_before);
  with.run("VACUUM balances");
  with.run("CHECKPOINT");
  const auto begin = steady::now();
  for (std::uint32_t first = 0; first < shape.merchants; first += merchants_at_once)
    with.run("SELECT settle(" + text_of(first) + ", " + text_of(first + merchants_at_once) + ", " +
             (marks == settled_mark::captures ? "true" : "false") + ")");
  with.run("UPDATE windows SET settlement = 1 WHERE id = 1");
  out.seconds = seconds_of(steady::now() - begin);
  expect_settled(with, marks);
  out.captures = std::stoull(with.run("SELECT count(*) FROM captures WHERE window_id = 1"));
  out.amount = std::stoll(with.run("SELECT sum(amount) FROM captures WHERE window_id = 1"));
  out.fees = std::stoll(with.run("SELECT sum(amount) FROM entries WHERE kind = 'fees'"));
  return out;
}

} // namespace ducat::bench

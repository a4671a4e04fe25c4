#include "postgres/double_entry.hpp"

namespace ducat::bench {

namespace {

/// Ids of 8 bytes where the ledger's have 16, no user data, no foreign keys (that the accounts are
/// there is seen when they are updated), and room in the pages of accounts to update them in place:
/// each makes PostgreSQL faster.
constexpr const char* tables = R"(
DROP TABLE IF EXISTS accounts, transfers;
CREATE TABLE accounts (
  id bigint PRIMARY KEY,
  ledger integer NOT NULL,
  code smallint NOT NULL,
  debits bigint NOT NULL DEFAULT 0 CHECK (debits >= 0),
  credits bigint NOT NULL DEFAULT 0 CHECK (credits >= 0)
) WITH (fillfactor = 50);
CREATE TABLE transfers (
  id bigint PRIMARY KEY,
  debit_account bigint NOT NULL,
  credit_account bigint NOT NULL,
  amount bigint NOT NULL CHECK (amount >= 0),
  ledger integer NOT NULL,
  code smallint NOT NULL,
  at timestamptz NOT NULL DEFAULT now(),
  CHECK (debit_account <> credit_account)
);
)";

/// The account with the smaller id is locked first, so that no two transfers wait for each other.
constexpr const char* one_transfer = R"(
CREATE OR REPLACE FUNCTION transfer(t bigint, debit bigint, credit bigint, moved bigint)
RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
  found_first boolean;
BEGIN
  INSERT INTO transfers (id, debit_account, credit_account, amount, ledger, code)
    VALUES (t, debit, credit, moved, 1, 1) ON CONFLICT (id) DO NOTHING;
  IF NOT FOUND THEN
    RETURN 0;
  END IF;
  IF debit < credit THEN
    UPDATE accounts SET debits = debits + moved WHERE id = debit AND ledger = 1;
    found_first := FOUND;
    UPDATE accounts SET credits = credits + moved WHERE id = credit AND ledger = 1;
  ELSE
    UPDATE accounts SET credits = credits + moved WHERE id = credit AND ledger = 1;
    found_first := FOUND;
    UPDATE accounts SET debits = debits + moved WHERE id = debit AND ledger = 1;
  END IF;
  IF NOT (FOUND AND found_first) THEN
    RAISE EXCEPTION 'an account of transfer % is unknown', t;
  END IF;
  RETURN 1;
END $$;
)";

/// A used id fails the whole batch. The net movement of each account is one update. Batches insert
/// side by side and take turns at the accounts, by a lock, for their rows could not be locked in
/// one order without a pass of its own.
constexpr const char* many_transfers = R"(
CREATE OR REPLACE FUNCTION transfers(ids bigint[], debit bigint[], credit bigint[], moved bigint[])
RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
  named integer;
  changed integer;
BEGIN
  INSERT INTO transfers (id, debit_account, credit_account, amount, ledger, code)
    SELECT i, d, c, m, 1, 1 FROM unnest(ids, debit, credit, moved) AS t(i, d, c, m);
  PERFORM pg_advisory_xact_lock(1);
  WITH net AS MATERIALIZED (
    SELECT account, sum(d)::bigint AS d, sum(c)::bigint AS c FROM (
      SELECT a AS account, m AS d, 0::bigint AS c FROM unnest(debit, moved) AS t(a, m)
      UNION ALL
      SELECT a, 0, m FROM unnest(credit, moved) AS t(a, m)) AS legs
    GROUP BY account
  ), done AS (
    UPDATE accounts SET debits = debits + net.d, credits = credits + net.c
      FROM net WHERE accounts.id = net.account AND accounts.ledger = 1 RETURNING 1
  )
  SELECT (SELECT count(*) FROM net), (SELECT count(*) FROM done) INTO named, changed;
  IF named <> changed THEN
    RAISE EXCEPTION 'an account of the batch is unknown';
  END IF;
  RETURN cardinality(ids);
END $$;
)";

} // namespace

void make_schema(connection& with, std::uint64_t accounts) {
  with.run("SET client_min_messages = warning");
  with.run(tables);
  with.run(one_transfer);
  with.run(many_transfers);
  with.run("INSERT INTO accounts (id, ledger, code) SELECT i, 1, 1 FROM generate_series(1, " +
           std::to_string(accounts) + ") AS i");
  with.run("VACUUM ANALYZE accounts");
  with.run("CHECKPOINT");
}

void prepare_statements(connection& with) {
  with.prepare("transfer", "SELECT transfer($1, $2, $3, $4)");
  with.prepare("transfers", "SELECT transfers($1, $2, $3, $4)");
}

entry_totals totals_of(connection& with) {
  const auto number = [&](const std::string& what) { return std::stoull(with.run(what)); };
  return {.transfers = number("SELECT count(*) FROM transfers"),
          .amount = number("SELECT coalesce(sum(amount), 0) FROM transfers"),
          .debits = number("SELECT coalesce(sum(debits), 0) FROM accounts"),
          .credits = number("SELECT coalesce(sum(credits), 0) FROM accounts")};
}

} // namespace ducat::bench

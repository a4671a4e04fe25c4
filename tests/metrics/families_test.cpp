/// A node's figures as Prometheus reads them.

#include "metrics/families.hpp"

#include <gmock/gmock.h>

namespace ducat::metrics {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

v1::Child& add_child(node_figures& to, const std::string& path, const char* state) {
  if (!to.tree)
    to.tree.emplace();
  v1::Child& made = *to.tree->add_children();
  made.set_path(path);
  made.set_kind("worker");
  made.set_state(state);
  made.set_incarnation(1);
  return made;
}

TEST(Families, OfANodeThatTellsNothingSayThatItIsNotReady) {
  EXPECT_EQ(exposition_of({}), "# HELP ducat_node_ready 1: the node can commit payments\n"
                               "# TYPE ducat_node_ready gauge\n"
                               "ducat_node_ready 0\n");
}

TEST(Families, HaveEachNamedChild) {
  node_figures of;
  v1::Child& child = add_child(of, "ledger", "restarting");
  child.set_incarnation(4);
  child.set_restarts(3);
  of.tree->mutable_spec()->add_children()->set_id("ledger");
  const std::string text = exposition_of(of);
  EXPECT_THAT(text, HasSubstr("ducat_child_running{child=\"ledger\"} 0\n"));
  EXPECT_THAT(text, HasSubstr("ducat_child_incarnation{child=\"ledger\"} 4\n"));
  EXPECT_THAT(text, HasSubstr("# TYPE ducat_child_restarts_total counter\n"));
  EXPECT_THAT(text, HasSubstr("ducat_child_restarts_total{child=\"ledger\"} 3\n"));
}

// Ten thousand of them are no ten thousand metrics.
TEST(Families, CountChildrenThatComeAndGoByTheirSupervisor) {
  node_figures of;
  add_child(of, "terminals", "running");
  for (int i = 0; i < 100; ++i)
    add_child(of, "terminals/t" + std::to_string(i), i < 99 ? "running" : "restarting");
  v1::ChildSpec& named = *of.tree->mutable_spec()->add_children();
  named.set_id("terminals");
  named.mutable_supervisor()->set_strategy("simple_one_for_one");
  const std::string text = exposition_of(of);
  EXPECT_THAT(text, HasSubstr("ducat_children{supervisor=\"terminals\",state=\"running\"} 99\n"));
  EXPECT_THAT(text, HasSubstr("ducat_children{supervisor=\"terminals\",state=\"restarting\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("ducat_children{supervisor=\"\",state=\"running\"} 1\n"));
  EXPECT_THAT(text, Not(HasSubstr("terminals/t1")));
}

TEST(Families, HaveThePaymentsAndWhetherTheLedgerIsInBalance) {
  node_figures of;
  v1::StatusReply& status = of.status.emplace();
  status.set_node("node1");
  status.set_version("0.1.0");
  status.set_uptime_ms(1'500);
  (*status.mutable_payments_by_state())["CAPTURED"] = 7;
  v1::LedgerTotals& euros = *status.add_totals();
  euros.set_currency("EUR");
  euros.set_in_balance(false);
  v1::TimeInDoubt& doubt = *status.add_time_in_doubt_by_link();
  doubt.set_link("acme");
  doubt.set_open(2);
  doubt.set_oldest_age_ms(2'500);
  const std::string text = exposition_of(of);
  EXPECT_THAT(text, HasSubstr("ducat_node_info{node=\"node1\",version=\"0.1.0\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("ducat_node_uptime_seconds 1.5\n"));
  EXPECT_THAT(text, HasSubstr("ducat_payments{state=\"CAPTURED\"} 7\n"));
  EXPECT_THAT(text, HasSubstr("ducat_ledger_in_balance{currency=\"EUR\"} 0\n"));
  EXPECT_THAT(text, HasSubstr("ducat_attempts_in_doubt{link=\"acme\"} 2\n"));
  EXPECT_THAT(text, HasSubstr("ducat_attempts_in_doubt_oldest_seconds{link=\"acme\"} 2.5\n"));
}

TEST(Families, HaveHowFarEachNodeIsBehind) {
  node_figures of;
  for (const auto& [id, applied] : {std::pair{"node1", 100u}, std::pair{"node2", 97u}}) {
    v1::ClusterNode& node = *(of.nodes ? *of.nodes : of.nodes.emplace()).add_nodes();
    node.set_id(id);
    node.set_state(applied == 100 ? "alive" : "silent");
    node.set_applied(applied);
    node.set_holds_log(applied == 100);
  }
  const std::string text = exposition_of(of);
  EXPECT_THAT(text, HasSubstr("ducat_cluster_node_alive{node=\"node2\"} 0\n"));
  EXPECT_THAT(text, HasSubstr("ducat_cluster_node_writes_log{node=\"node1\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("ducat_cluster_node_lag_entries{node=\"node1\"} 0\n"));
  EXPECT_THAT(text, HasSubstr("ducat_cluster_node_lag_entries{node=\"node2\"} 3\n"));
}

TEST(Families, HaveLinksAndWhatIsOwed) {
  node_figures of;
  v1::AcquirerLinks& acquirer = *of.links.emplace().add_acquirers();
  acquirer.set_name("acme");
  acquirer.set_breaker("open");
  v1::Link& link = *acquirer.add_links();
  link.set_name("acme-1");
  link.set_state("failed");
  link.set_answer_p99_us(250'000);
  v1::Acquirer& books = *of.acquirers.emplace().add_data();
  books.set_link("acme");
  books.set_currency("EUR");
  books.set_owed(3);
  const std::string text = exposition_of(of);
  EXPECT_THAT(text, HasSubstr("ducat_acquirer_breaker_open{acquirer=\"acme\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("ducat_link_signed_on{acquirer=\"acme\",link=\"acme-1\"} 0\n"));
  EXPECT_THAT(text,
              HasSubstr("ducat_link_answer_p99_seconds{acquirer=\"acme\",link=\"acme-1\"} 0.25\n"));
  EXPECT_THAT(text, HasSubstr("ducat_acquirer_owed{link=\"acme\",currency=\"EUR\"} 3\n"));
}

TEST(Families, HaveAvailabilityAsFarAsItIsKnown) {
  node_figures of;
  add_child(of, "ledger", "running");
  of.tree->mutable_spec()->add_children()->set_id("ledger");
  for (const char* subject : {"ledger", "exceptions/x1"}) {
    v1::SubjectAvailability& each =
        *(of.availability ? *of.availability : of.availability.emplace()).add_subjects();
    each.set_subject(subject);
    each.set_kind("child");
    each.set_failures(2);
    each.set_availability(0.5);
  }
  const std::string text = exposition_of(of);
  EXPECT_THAT(text, HasSubstr("ducat_availability_ratio{kind=\"child\",subject=\"ledger\"} 0.5\n"));
  EXPECT_THAT(text, HasSubstr("ducat_failures_total{kind=\"child\",subject=\"ledger\"} 2\n"));
  EXPECT_THAT(text, Not(HasSubstr("exceptions/x1")));
  EXPECT_THAT(text, Not(HasSubstr("ducat_fault_tolerance_ratio")));
}

TEST(Families, HaveWhatANodeMeasuresOfItsChildren) {
  node_figures of;
  v1::FiguresReply& measured = of.measured.emplace();
  v1::ChildFigures& root = *measured.add_children();
  root.set_restarts_left(49);
  root.set_zombies(1);
  v1::ChildFigures& ledger = *measured.add_children();
  ledger.set_path("ledger");
  ledger.set_age_ms(2'500);
  ledger.set_waiting(3);
  const std::string text = exposition_of(of);
  EXPECT_THAT(text, HasSubstr("ducat_supervisor_restarts_left{child=\"\"} 49\n"));
  EXPECT_THAT(text, HasSubstr("ducat_zombies{supervisor=\"\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("ducat_child_age_seconds{child=\"ledger\"} 2.5\n"));
  EXPECT_THAT(text, HasSubstr("ducat_child_mailbox_messages{child=\"ledger\"} 3\n"));
  EXPECT_THAT(text, Not(HasSubstr("ducat_child_age_seconds{child=\"\"}"))) << "nobody told";
  EXPECT_THAT(text, Not(HasSubstr("ducat_supervisor_restarts_left{child=\"ledger\"}")));
  EXPECT_THAT(text, Not(HasSubstr("ducat_child_kept_messages")));
}

TEST(Families, CountSpansOnlyOfANodeThatTraces) {
  node_figures of;
  of.measured.emplace();
  EXPECT_THAT(exposition_of(of), Not(HasSubstr("ducat_trace")));
  v1::TraceFigures& traces = *of.measured->mutable_traces();
  traces.set_spans_sent(5);
  traces.set_spans_dropped(2);
  traces.set_spans_waiting(1);
  const std::string text = exposition_of(of);
  EXPECT_THAT(text, HasSubstr("ducat_trace_spans_sent_total 5\n"));
  EXPECT_THAT(text, HasSubstr("ducat_trace_spans_dropped_total 2\n"));
  EXPECT_THAT(text, HasSubstr("ducat_trace_spans_waiting 1\n"));
}

// Its spec has them by now, as others.
TEST(Families, HaveNoChildThatWasAddedWhileTheNodeRan) {
  node_figures of;
  for (const char* path : {"open", "open/x1", "open/x2"})
    add_child(of, path, "running");
  v1::ChildSpec& open = *of.tree->mutable_spec()->add_children();
  open.set_id("open");
  for (const char* id : {"x1", "x2"})
    open.mutable_supervisor()->add_children()->set_id(id);
  of.measured.emplace().add_children()->set_path("open");
  v1::SubjectAvailability& added = *of.availability.emplace().add_subjects();
  added.set_kind("child");
  added.set_subject("open/x1");
  const std::string text = exposition_of(of);
  EXPECT_THAT(text, HasSubstr("ducat_children{supervisor=\"open\",state=\"running\"} 2\n"));
  EXPECT_THAT(text, HasSubstr("ducat_child_running{child=\"open\"} 1\n"));
  EXPECT_THAT(text, Not(HasSubstr("open/x1")));
}

TEST(Families, HaveWhatRoutersRefuse) {
  node_figures of;
  v1::PoolFigures& pool = *of.measured.emplace().add_pools();
  pool.set_pool("payments");
  pool.set_in_flight(5);
  pool.set_workers_able(2);
  pool.set_breakers_open(1);
  pool.set_overloaded(7);
  const std::string text = exposition_of(of);
  EXPECT_THAT(text, HasSubstr("ducat_pool_in_flight{pool=\"payments\"} 5\n"));
  EXPECT_THAT(text, HasSubstr("ducat_pool_workers_able{pool=\"payments\"} 2\n"));
  EXPECT_THAT(text, HasSubstr("ducat_pool_breakers_open{pool=\"payments\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("ducat_pool_shed_total{pool=\"payments\",cause=\"overloaded\"} 7\n"));
  EXPECT_THAT(text, HasSubstr("ducat_pool_shed_total{pool=\"payments\",cause=\"late\"} 0\n"));
}

TEST(Families, HaveHistogramsInSeconds) {
  node_figures of;
  v1::Histogram& sync = *of.measured.emplace().mutable_sync();
  for (const auto& [up_to_us, count] : {std::pair{1'000u, 3u}, std::pair{2'500'000u, 4u}}) {
    v1::Histogram::Bucket& bucket = *sync.add_buckets();
    bucket.set_up_to_us(up_to_us);
    bucket.set_count(count);
  }
  sync.set_count(6);
  sync.set_sum_us(1'500'000);
  const std::string text = exposition_of(of);
  EXPECT_THAT(text, HasSubstr("# TYPE ducat_log_sync_seconds histogram\n"
                              "ducat_log_sync_seconds_count 6\n"
                              "ducat_log_sync_seconds_sum 1.5\n"
                              "ducat_log_sync_seconds_bucket{le=\"0.001\"} 3\n"
                              "ducat_log_sync_seconds_bucket{le=\"2.5\"} 4\n"
                              "ducat_log_sync_seconds_bucket{le=\"+Inf\"} 6\n"));
}

TEST(Families, HaveDeclinesDoubtsThatEndedAndSettlement) {
  node_figures of;
  v1::StatusReply& status = of.status.emplace();
  (*status.mutable_declines_by_class())["funds"] = 2;
  v1::TimeInDoubt& doubt = *status.add_time_in_doubt_by_link();
  doubt.set_link("acme");
  doubt.mutable_ended_times()->set_count(4);
  v1::SettlementFigures& settlement = *status.mutable_settlement();
  (*settlement.mutable_windows_by_state())["OPEN"] = 1;
  (*settlement.mutable_payouts_by_state())["RETURNED"] = 3;
  settlement.set_exceptions_open(5);
  settlement.set_oldest_open_window_at_ns(1);
  settlement.set_oldest_open_window_age_ms(500);
  const std::string text = exposition_of(of);
  EXPECT_THAT(text, HasSubstr("ducat_declines_total{class=\"funds\"} 2\n"));
  EXPECT_THAT(text, HasSubstr("ducat_attempts_in_doubt_seconds_count{link=\"acme\"} 4\n"));
  EXPECT_THAT(text, HasSubstr("ducat_settlement_windows{state=\"OPEN\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("ducat_settlement_payouts{state=\"RETURNED\"} 3\n"));
  EXPECT_THAT(text, HasSubstr("ducat_settlement_exceptions_open 5\n"));
  EXPECT_THAT(text, HasSubstr("ducat_settlement_oldest_open_window_seconds 0.5\n"));
}

} // namespace
} // namespace ducat::metrics

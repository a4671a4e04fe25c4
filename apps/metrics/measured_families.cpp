#include "metrics/measured_families.hpp"

#include <utility>

namespace ducat::metrics {

namespace {

void add_measured_children(const v1::FiguresReply& measured, all_families& all) {
  family age = gauge("ducat_child_age_seconds", "Since the child's life began");
  family waiting = gauge("ducat_child_mailbox_messages", "Sent to the child's life, not handled");
  family kept = gauge("ducat_child_kept_messages", "Kept in front of the child");
  family left = gauge("ducat_supervisor_restarts_left",
                      "Restarts that a supervisor may make now; of the root the label is empty");
  family zombies = gauge("ducat_zombies", "Hung lives that were given up and still exist");
  for (const v1::ChildFigures& each : measured.children()) {
    if (each.has_age_ms())
      age.add(of_count(each.age_ms()) * ms, {{"child", each.path()}});
    if (each.has_waiting())
      waiting.add(of_count(each.waiting()), {{"child", each.path()}});
    if (each.has_kept())
      kept.add(of_count(each.kept()), {{"child", each.path()}});
    if (each.has_restarts_left())
      left.add(each.restarts_left(), {{"child", each.path()}});
    if (each.has_zombies())
      zombies.add(each.zombies(), {{"supervisor", each.path()}});
  }
  for (family* each : {&age, &waiting, &kept, &left, &zombies})
    std::move(*each).put_to(all);
}

void add_pools(const v1::FiguresReply& measured, all_families& all) {
  family in_flight = gauge("ducat_pool_in_flight", "Requests that are not answered");
  family able = gauge("ducat_pool_workers_able", "Workers that may be asked");
  family open = gauge("ducat_pool_breakers_open", "Workers that get nothing, for they failed");
  family shed = counter("ducat_pool_shed_total", "Requests that were refused, by cause");
  for (const v1::PoolFigures& each : measured.pools()) {
    in_flight.add(of_count(each.in_flight()), {{"pool", each.pool()}});
    able.add(each.workers_able(), {{"pool", each.pool()}});
    open.add(each.breakers_open(), {{"pool", each.pool()}});
    shed.add(of_count(each.overloaded()), {{"pool", each.pool()}, {"cause", "overloaded"}});
    shed.add(of_count(each.unavailable()), {{"pool", each.pool()}, {"cause", "unavailable"}});
    shed.add(of_count(each.late()), {{"pool", each.pool()}, {"cause", "late"}});
  }
  for (family* each : {&in_flight, &able, &open, &shed})
    std::move(*each).put_to(all);
}

void add_traces(const v1::TraceFigures& traces, all_families& all) {
  family sent = counter("ducat_trace_spans_sent_total", "Spans that were told");
  family dropped = counter("ducat_trace_spans_dropped_total", "Spans that nobody was told of");
  family waiting = gauge("ducat_trace_spans_waiting", "Spans that are not told yet");
  sent.add(of_count(traces.spans_sent()));
  dropped.add(of_count(traces.spans_dropped()));
  waiting.add(of_count(traces.spans_waiting()));
  for (family* each : {&sent, &dropped, &waiting})
    std::move(*each).put_to(all);
}

} // namespace

void add_measured(const v1::FiguresReply& measured, all_families& all) {
  add_measured_children(measured, all);
  add_pools(measured, all);
  if (measured.has_traces())
    add_traces(measured.traces(), all);
  family entries = counter("ducat_log_entries_appended_total", "By this process");
  entries.add(of_count(measured.entries_appended()));
  std::move(entries).put_to(all);
  const auto put = [&](const char* name, const char* help, const v1::Histogram& what) {
    family times = histogram(name, help);
    times.add(what);
    std::move(times).put_to(all);
  };
  put("ducat_log_append_seconds", "Until an entry was durable", measured.append());
  put("ducat_log_sync_seconds", "Writes of the disk, or of etcd", measured.sync());
  put("ducat_commit_seconds", "Until a command was answered by the ledger", measured.commit());
}

} // namespace ducat::metrics

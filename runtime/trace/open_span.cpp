#include <ducat/tracer.hpp>

#include <algorithm>

namespace ducat::trace {

open_span::open_span(std::shared_ptr<tracer> to, std::string name, span_kind kind,
                     const context& parent)
    : open_span{std::move(to), std::move(name), kind, parent.trace} {
  made_.parent = parent.span;
}

open_span::open_span(const std::shared_ptr<open_span>& parent, std::string name, span_kind kind)
    : open_span{parent->to_, std::move(name), kind, parent->made_.at.trace} {
  parent_ = parent;
}

open_span::open_span(std::shared_ptr<tracer> to, std::string name, span_kind kind,
                     const trace_id& of)
    : to_{std::move(to)},
      made_{.at = {.trace = of, .span = to_->fresh_span_id(), .is_sampled = true},
            .name = std::move(name),
            .kind = kind,
            .begun_at = to_->now()} {
  set("ducat.node.id", to_->node());
}

open_span::~open_span() {
  if (!is_over_) {
    set("ducat.outcome", "unknown");
    end("it ended without an answer");
  }
}

void open_span::set(std::string key, std::variant<std::string, std::int64_t> value) {
  made_.attributes.push_back({std::move(key), std::move(value)});
}

void open_span::end() {
  if (is_over_)
    return;
  is_over_ = true;
  made_.ended_at = std::max(made_.begun_at, to_->now());
  if (parent_ != nullptr)
    made_.parent = parent_->made_.at.span;
  to_->put(std::move(made_));
}

void open_span::end(std::string problem) {
  made_.problem = std::move(problem);
  end();
}

} // namespace ducat::trace

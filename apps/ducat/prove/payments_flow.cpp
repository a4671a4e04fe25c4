#include "prove/flow_parts.hpp"
#include "prove/proven_flows.hpp"

#include <ducat/node.hpp>
#include <ducat/payment/machine.hpp>

namespace ducat::cli {

using namespace std::chrono_literals;

testing::flow payments_flow() {
  return {.name = "Payments",
          .maker = "ducat::cli::payments_flow",
          .describe =
              [](node& n) {
                const handle ledger = n.replicate("ledger", payment::make_machine);
                n.supervise({.strategy = one_for_one, .restarts_max = 20, .window = 10s},
                            {{.id = "payments",
                              .start = start(payment::payment_actor, ledger),
                              .pool = pool_spec{.size = 4, .policy = route::least_requests}}});
              },
          .prepare = open_accounts,
          .requests = {pay_for("sale", create_for("sale", false)),
                       pay_for("hold", create_for("hold", true)),
                       pay_for("capture", capture_for("hold", "capture", 60)),
                       pay_for("dropped", create_for("dropped", true)),
                       pay_for("void", void_for("dropped", "void")),
                       pay_for("refund", refund_for("sale", "refund", 30))},
          .effects = {},
          .view = books_at,
          .claims = {{"the shop has 130, and nothing is held",
                      [](testing::sim_cluster& on) -> std::string {
                        const std::string books = books_at(on, on.nodes().front());
                        return books.find("world -130 holds 0; shop 130 holds 0; ") !=
                                       std::string::npos
                                   ? ""
                                   : books;
                      }},
                     money_is_conserved(),
                     checker_finds_nothing()}};
}

} // namespace ducat::cli

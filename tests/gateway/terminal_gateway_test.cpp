/// The gateway that a configuration asks for, or what is wrong with it.

#include "config.hpp"
#include "terminal_gateway.hpp"

#include <gmock/gmock.h>

#include <string>

namespace ducat::cli {
namespace {

node_config config_with(std::vector<terminal_config> terminals) {
  node_config made;
  made.gateway = {.listen = "127.0.0.1:0", .plain = true, .from = "world"};
  made.terminals = std::move(terminals);
  return made;
}

terminal_config terminal(const std::string& id) {
  return {.id = id, .accept_any = id.empty(), .to = "shop", .currency = "EUR"};
}

std::string complaint_about(const node_config& config) {
  const auto made = terminal_gateway_of(config);
  return made ? "" : made.error().message;
}

TEST(TerminalGateway, IsThereOnlyIfItIsAskedFor) {
  EXPECT_FALSE(terminal_gateway_of({}).value().has_value());
  const auto made = terminal_gateway_of(config_with({terminal("TERM0001"), terminal("")})).value();
  EXPECT_EQ(made->terminals.find("TERM0001")->from, "world");
  EXPECT_TRUE(made->terminals.find("STRANGER").has_value());
  EXPECT_EQ(made->port.dialect.name, "ascii87");
}

TEST(TerminalGateway, NeedsTerminalsEachOnce) {
  using ::testing::HasSubstr;
  EXPECT_THAT(complaint_about(config_with({})), HasSubstr("needs terminals"));
  EXPECT_THAT(complaint_about(config_with({terminal(""), terminal("")})), HasSubstr("accept_any"));
  EXPECT_THAT(complaint_about(config_with({terminal("TERM0001"), terminal("TERM0001")})),
              HasSubstr("terminal TERM0001: there are two"));
  EXPECT_THAT(complaint_about(config_with({terminal("TERM1")})), HasSubstr("terminal TERM1: `id`"));
}

// In the clear only if that is said.
TEST(TerminalGateway, NeedsACertificateUnlessItIsPlain) {
  using ::testing::HasSubstr;
  auto config = config_with({terminal("TERM0001")});
  config.gateway.plain = false;
  EXPECT_THAT(complaint_about(config), HasSubstr("`certificate` and `key` are needed"));
  config.gateway.certificate = "no-such.crt";
  config.gateway.key = "no-such.key";
  EXPECT_THAT(complaint_about(config), HasSubstr("no-such.key"));
  config.gateway.plain = true;
  EXPECT_THAT(complaint_about(config), HasSubstr("exclude each other"));
}

TEST(TerminalGateway, NeedsADialectThatThereIs) {
  auto config = config_with({terminal("TERM0001")});
  config.gateway.dialect = "klingon";
  EXPECT_NE(complaint_about(config), "");
}

} // namespace
} // namespace ducat::cli

/// Prints the routes of the HTTP edge and the fields of its messages as JSON, for a client that
/// compares them with the OpenAPI document.

#include "api/http_route.hpp"

#include <ducat/v1/account.pb.h>
#include <ducat/v1/acquirer.pb.h>
#include <ducat/v1/alert.pb.h>
#include <ducat/v1/audit.pb.h>
#include <ducat/v1/change.pb.h>
#include <ducat/v1/common.pb.h>
#include <ducat/v1/event.pb.h>
#include <ducat/v1/exception.pb.h>
#include <ducat/v1/node.pb.h>
#include <ducat/v1/payment.pb.h>
#include <ducat/v1/settlement_api.pb.h>
#include <ducat/v1/webhook.pb.h>

#include <nlohmann/json.hpp>

#include <iostream>

namespace {

using nlohmann::json;

void add_messages(const google::protobuf::FileDescriptor& file, json& messages) {
  for (int i = 0; i < file.message_type_count(); ++i) {
    const auto& message = *file.message_type(i);
    json& fields = messages[message.name()] = json::array();
    for (int at = 0; at < message.field_count(); ++at)
      fields.push_back(message.field(at)->name());
  }
}

} // namespace

int main() {
  json shape = {{"routes", ducat::api::routes()}, {"messages", json::object()}};
  for (const auto* file :
       {ducat::v1::Account::descriptor()->file(), ducat::v1::Error::descriptor()->file(),
        ducat::v1::StatusReply::descriptor()->file(), ducat::v1::Payment::descriptor()->file(),
        ducat::v1::Event::descriptor()->file(), ducat::v1::Webhook::descriptor()->file(),
        ducat::v1::Window::descriptor()->file(), ducat::v1::CutWindow::descriptor()->file(),
        ducat::v1::SettlementException::descriptor()->file(),
        ducat::v1::Acquirer::descriptor()->file(), ducat::v1::Tally::descriptor()->file(),
        ducat::v1::Alert::descriptor()->file(), ducat::v1::AuditEntry::descriptor()->file(),
        ducat::v1::Change::descriptor()->file()})
    add_messages(*file, shape["messages"]);
  std::cout << shape << '\n';
}

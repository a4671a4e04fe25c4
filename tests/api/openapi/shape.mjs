// Compares the document with the program's own lists: its routes, and the fields of its messages.
import assert from 'node:assert/strict';

/// The message of ducat.v1 behind a schema, where the two have different names.
const renamed = {
  CreatePayment: 'CreatePaymentRequest',
  CapturePayment: 'CapturePaymentRequest',
  VoidPayment: 'VoidPaymentRequest',
  RefundPayment: 'RefundPaymentRequest',
  DecidePayment: 'DecidePaymentRequest',
  ResolveAdvice: 'ResolveAdviceRequest',
  Reconcile: 'ReconcileRequest',
  AcquirerList: 'ListAcquirersReply',
  ExceptionList: 'ListExceptionsReply',
  CreateAccount: 'CreateAccountRequest',
  PaymentList: 'ListPaymentsReply',
  AccountList: 'ListAccountsReply',
  Status: 'StatusReply',
  Tree: 'TreeReply',
  Figures: 'FiguresReply',
  Availability: 'AvailabilityReply',
  Crash: 'CrashRequest',
  ArmFault: 'ArmFaultRequest',
  DisarmFault: 'DisarmFaultRequest',
  FaultList: 'ListFaultsReply',
  DeadLetterList: 'ListDeadLettersReply',
  RetriedDeadLetter: 'RetryDeadLetterReply',
  AlertList: 'ListAlertsReply',
  AuditList: 'ListAuditReply',
  ChangeList: 'ListChangesReply',
  DecideChange: 'DecideChangeRequest',
  AcknowledgeAlert: 'AcknowledgeAlertRequest',
  SilenceAlerts: 'SilenceAlertsRequest',
  NodeList: 'ListNodesReply',
  GroupList: 'ListGroupsReply',
  LinkList: 'ListLinksReply',
  LinkChanged: 'ChangeLinkReply',
  Redundancy: 'RedundancySpec',
  Timeline: 'TimelineReply',
  EventList: 'ListEventsReply',
  CreateWebhook: 'CreateWebhookRequest',
  WebhookList: 'ListWebhooksReply',
  DeliveryList: 'ListDeliveriesReply',
  ReplayWebhook: 'ReplayWebhookRequest',
  Replayed: 'ReplayWebhookReply',
};

/// Schemas of objects that only HTTP has.
const ofHttp = ['DashboardChildren', 'Failure', 'Health', 'Metadata'];

export function everyRouteIsDocumentedAndTheOtherWayRound(document, routes) {
  const documented = document
    .operations()
    .map(({ method, path }) => `${method} ${path.replace(/\{[^}]*\}/g, '{}')}`);
  assert.deepEqual(documented.sort(), [...routes].sort());
}

export function everyFieldIsDocumentedAndTheOtherWayRound(document, messages) {
  for (const [name, schema] of Object.entries(document.tree.components.schemas)) {
    if (schema.type !== 'object' || ofHttp.includes(name)) continue;
    const message = messages[renamed[name] ?? name];
    assert(message, `there is no message for the schema ${name}`);
    const fields = message.filter((field) => field !== 'idempotency_key'); // It is in the header.
    assert.deepEqual(Object.keys(schema.properties).sort(), [...fields].sort(), `schema ${name}`);
  }
}

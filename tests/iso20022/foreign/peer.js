// Writes and reads files of banks with the npm package iso20022.js.
//   node peer.js statement FILE   JSON lines with the text of a camt.053 -> entries
//   node peer.js status FILE      with that of a pain.002 -> statuses
//   node peer.js order FILE       JSON lines with a payment -> the text of its pain.001.001.03
//   node peer.js parse FILE       with any XML -> what the package's parser makes of it
// Each answer is a line of JSON. The package multiplies floating point numbers to get minor units:
// they are rounded here. It has no parser of orders; "parse" is the one that it is built on.
import fs from 'node:fs';
import { XMLParser } from 'fast-xml-parser';
import {
  CashManagementEndOfDayReport, PaymentStatusReport, SWIFTCreditPaymentInitiation,
} from 'iso20022.js';

const statement = (text) =>
  CashManagementEndOfDayReport.fromXML(text).entries.map((entry) => ({
    minor: Math.round(entry.amount),
    currency: entry.currency,
    side: entry.creditDebitIndicator,
    day: entry.bookingDate?.toISOString().slice(0, 10),
    servicer_reference: entry.accountServicerReferenceId ?? '',
    transactions: entry.transactions.length,
    creditor: entry.transactions[0]?.creditor?.name ?? '',
    return_reason: entry.transactions[0]?.returnReason?.Cd ?? '',
  }));

const status = (text) =>
  PaymentStatusReport.fromXML(text).statusInformations.map((one) => ({
    level: one.type,
    end_to_end_id: one.originalEndToEndId ?? '',
    code: one.status,
    reason: one.reason?.code ?? '',
  }));

const order = ({ id, created_at, debtor, payment }) =>
  new SWIFTCreditPaymentInitiation({
    messageId: id,
    creationDate: new Date(created_at),
    initiatingParty: debtor,
    paymentInstructions: [payment],
  }).toString();

const parse = (text) => new XMLParser({ ignoreAttributes: false, parseTagValue: false }).parse(text);

const [what, file] = process.argv.slice(2);
const answer = { statement, status, order, parse }[what];
for (const line of fs.readFileSync(file, 'utf8').split('\n').filter(Boolean))
  console.log(JSON.stringify(answer(JSON.parse(line))));

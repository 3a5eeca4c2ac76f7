// The operator's side for the tests: an SMPP server that takes every message and sends a delivery receipt for it.
// One JSON line per thing that happens goes to standard output. Numbers that end in 9 are reported as not deliverable.
import { createRequire } from "node:module";
import { join } from "node:path";

const require = createRequire(join(process.argv[2], "package.json"));
const smpp = require("smpp");

const tell = (line) => process.stdout.write(`${JSON.stringify(line)}\n`);
let count = 0;

const server = smpp.createServer((session) => {
  session.on("error", () => session.close());
  session.on("bind_transceiver", (pdu) => session.send(pdu.response({ system_id: "peer" })));
  session.on("enquire_link", (pdu) => session.send(pdu.response()));
  session.on("unbind", (pdu) => {
    session.send(pdu.response());
    session.close();
  });
  session.on("submit_sm", (pdu) => {
    const id = String(++count);
    session.send(pdu.response({ message_id: id }));
    tell({ to: pdu.destination_addr, coding: pdu.data_coding, text: pdu.short_message.message });
    if (!pdu.registered_delivery) return;
    const isLost = pdu.destination_addr.endsWith("9");
    const words = [
      `id:${id}`,
      "sub:001",
      isLost ? "dlvrd:000" : "dlvrd:001",
      "submit date:2611220900",
      "done date:2611220901",
      isLost ? "stat:UNDELIV" : "stat:DELIVRD",
      "err:000",
      "text:",
    ];
    session.deliver_sm({
      source_addr: pdu.destination_addr,
      destination_addr: pdu.source_addr,
      esm_class: 4,
      short_message: words.join(" "),
    });
  });
});
server.listen(0, "127.0.0.1", () => tell({ port: server.address().port }));

"""A real mail server for the tests: takes every letter and tells what it got, one JSON line each.

Receivers that begin with `nobody` are refused. With a certificate it offers STARTTLS and wants it.
"""

import email
import email.policy
import json
import signal
import ssl
import sys

from aiosmtpd.controller import Controller


class Handler:
    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("nobody"):
            return "550 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        letter = email.message_from_bytes(envelope.content, policy=email.policy.default)
        tell(
            {
                "to": envelope.rcpt_tos,
                "is_encrypted": session.ssl is not None,
                "subject": letter["subject"],
                "from": letter["from"],
                "message_id": letter["message-id"],
                "type": letter.get_content_type(),
                "text": letter.get_content().replace("\r\n", "\n").rstrip("\n"),
            }
        )
        return "250 taken"


def tell(line):
    print(json.dumps(line, ensure_ascii=False), flush=True)


def main():
    options = {}
    if len(sys.argv) > 2:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(sys.argv[1], sys.argv[2])
        options = {"tls_context": context, "require_starttls": True}
    controller = Controller(Handler(), hostname="127.0.0.1", port=0, **options)
    # With port 0 the controller's own greeting test does not know where to connect.
    controller._trigger_server = lambda: None
    controller.start()
    tell({"port": controller.server.sockets[0].getsockname()[1]})
    signal.sigwait({signal.SIGTERM, signal.SIGINT})
    controller.stop()


main()

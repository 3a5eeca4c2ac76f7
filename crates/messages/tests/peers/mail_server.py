"""A real mail server for the tests: takes every letter and tells what it got, one JSON line each.

Receivers that begin with `nobody` are refused. With a certificate it offers STARTTLS and wants it.
"""

import asyncio
import email
import email.policy
import json
import ssl
import sys

from aiosmtpd.smtp import SMTP


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


async def main():
    options = {}
    if len(sys.argv) > 2:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(sys.argv[1], sys.argv[2])
        options = {"tls_context": context, "require_starttls": True}
    loop = asyncio.get_running_loop()
    # The library's own controller cannot tell which port the system chose.
    server = await loop.create_server(
        lambda: SMTP(Handler(), hostname="127.0.0.1", loop=loop, **options), "127.0.0.1", 0
    )
    tell({"port": server.sockets[0].getsockname()[1]})
    await server.serve_forever()


asyncio.run(main())

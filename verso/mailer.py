"""Sending mail: over SMTP with TLS that is verified, with a deadline, and never without what was asked for."""

import smtplib
import ssl
from collections.abc import Sequence
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from email.utils import formatdate, make_msgid, parseaddr
from urllib.parse import unquote, urlsplit

# Seconds for each step of a conversation with a mail server.
TIMEOUT = 10.0
PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}


class MailFailed(Exception):
    """The mail server did not take the mail; the message says why."""


class MailRefused(MailFailed):
    """The mail server will never take this mail (a reply of 500 to 599: RFC 5321, 4.2.1)."""


class Mailer:
    """One mail server, by its URL: smtp+starttls (RFC 3207), smtps (RFC 8314) or plain smtp."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._scheme = parts.scheme
        self._host = parts.hostname or ""
        self._port = parts.port or PORTS[parts.scheme]
        self._user = unquote(parts.username or "")
        self._password = unquote(parts.password or "")

    def send(self, message: EmailMessage) -> None:
        """Send a message; MailFailed if it was not taken, MailRefused if it never will be."""
        try:
            with self._connected() as server:
                server.send_message(message)
        except smtplib.SMTPDataError as error:
            kind = MailRefused if error.smtp_code >= 500 else MailFailed
            raise kind(f"{self._host}:{self._port}: {error}") from error
        except smtplib.SMTPRecipientsRefused as error:
            is_final = all(code >= 500 for code, _ in error.recipients.values())
            kind = MailRefused if is_final else MailFailed
            raise kind(f"{self._host}:{self._port}: {error}") from error
        except (OSError, smtplib.SMTPException) as error:
            raise MailFailed(f"{self._host}:{self._port}: {error}") from error

    def _connected(self) -> smtplib.SMTP:
        if self._scheme == "smtps":
            trust = ssl.create_default_context()
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                self._host, self._port, timeout=TIMEOUT, context=trust
            )
        else:
            server = smtplib.SMTP(self._host, self._port, timeout=TIMEOUT)
        try:
            if self._scheme == "smtp+starttls":
                # Raises when the server, or somebody in between, does not offer it.
                server.starttls(context=ssl.create_default_context())
            if self._user:
                server.login(self._user, self._password)
        except BaseException:
            server.close()
            raise
        return server


def compose(
    sender: str, recipients: Sequence[str], subject: str, text: str, **headers: str
) -> EmailMessage:
    """A plain text message in UTF-8; addresses may have names: `Zoë <zoe@example.org>`."""
    addresses = [_address(one) for one in (sender, *recipients)]
    is_ascii = all(address.addr_spec.isascii() for address in addresses)
    message = EmailMessage(policy=SMTP if is_ascii else SMTPUTF8)
    message["Subject"] = " ".join(subject.split())[:200]
    message["From"], message["To"] = addresses[0], addresses[1:]
    message["Date"] = formatdate(localtime=False)
    message["Message-ID"] = make_msgid(domain=addresses[0].domain or "localhost")
    # RFC 3834, 5: nobody's holiday answers this.
    message["Auto-Submitted"] = "auto-generated"
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content(text, charset="utf-8")
    return message


def _address(text: str) -> Address:
    name, spec = parseaddr(text)
    # In two parts: as one, Python takes no letters beyond ASCII before the @ (RFC 6531).
    username, _, domain = (spec or text).rpartition("@")
    return Address(display_name=name, username=username, domain=domain)

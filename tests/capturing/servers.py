"""Web servers on the loopback that send any bytes at all, with TLS or without."""

from __future__ import annotations

import contextlib
import datetime as dt
import socket
import ssl
import threading
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

Sent = bytes | Iterable[bytes]


def answer(
    body: bytes, content_type: str = "text/html; charset=utf-8", status: str = "200 OK", *more: str
) -> bytes:
    """A whole answer with its length."""
    lines = [f"HTTP/1.1 {status}", f"Content-Type: {content_type}", f"Content-Length: {len(body)}", *more]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def redirect(to: str) -> bytes:
    return answer(b"", "text/html", "302 Found", f"Location: {to}")


class Server:
    """Answers each path with the bytes given, or those that are made, and remembers what it was asked."""

    def __init__(
        self, pages: dict[str, Sent | Callable[[], Sent]], secure: ssl.SSLContext | None = None
    ) -> None:
        self.pages, self._secure = pages, secure
        self.asked: list[bytes] = []
        self.connections = 0
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def url(self, path: str, host: str = "127.0.0.1") -> str:
        return f"{'https' if self._secure else 'http'}://{host}:{self.port}{path}"

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join()

    def _serve(self) -> None:
        while True:
            try:
                link, _ = self._socket.accept()
            except OSError:
                return
            self.connections += 1
            with contextlib.suppress(OSError), link:
                self._answer(self._secure.wrap_socket(link, server_side=True) if self._secure else link)

    def _answer(self, link: socket.socket) -> None:
        request = b""
        while b"\r\n\r\n" not in request:
            if not (piece := link.recv(4096)):
                return
            request += piece
        self.asked.append(request)
        path = request.split()[1].decode()
        sent = self.pages.get(path, answer(b"not here", "text/plain", "404 Not Found"))
        sent = sent() if callable(sent) else sent
        for piece in (sent,) if isinstance(sent, bytes) else sent:
            link.sendall(piece)
        link.shutdown(socket.SHUT_WR)


@contextlib.contextmanager
def serving(
    pages: dict[str, Sent | Callable[[], Sent]], secure: ssl.SSLContext | None = None
) -> Iterator[Server]:
    server = Server(pages, secure)
    try:
        yield server
    finally:
        server.close()


def certified(folder: Path, name: str = "localhost") -> tuple[ssl.SSLContext, Path]:
    """A server's side of TLS with a certificate that it made itself, and that certificate's file."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    certificate, private = folder / "certificate.pem", folder / "key.pem"
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, private)
    return context, certificate

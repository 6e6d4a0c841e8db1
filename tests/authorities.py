"""Time authorities made with `openssl`, and a tiny server on the loopback that runs `openssl ts -reply`."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

CONFIG = """
[ca]
default_ca = it
[it]
dir = {folder}
database = {folder}/index.txt
serial = {folder}/serial
crlnumber = {folder}/crlnumber
new_certs_dir = {folder}
default_md = sha256
default_days = 3650
default_crl_days = 30
policy = any
unique_subject = no
copy_extensions = none
[any]
commonName = supplied
[req]
distinguished_name = dn
prompt = no
[dn]
CN = nobody
[authority]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
[clock]
basicConstraints = CA:FALSE
keyUsage = critical,digitalSignature
extendedKeyUsage = critical,timeStamping
subjectKeyIdentifier = hash
[server]
extendedKeyUsage = critical,serverAuth
[lax]
extendedKeyUsage = timeStamping
[two]
extendedKeyUsage = critical,timeStamping,serverAuth
[tsa]
default_tsa = clocked
[clocked]
serial = {folder}/tsaserial
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha384, sha512
accuracy = secs:1
ordering = yes
tsa_name = yes
ess_cert_id_chain = {chain}
ess_cert_id_alg = {ess}
"""


def openssl(*words: str | Path, input: bytes | None = None) -> bytes:
    done = subprocess.run(["openssl", *words], input=input, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout


@dataclass(frozen=True)
class Maker:
    """A root, an authority between it and the clocks, and the clocks it certifies. `kind` is rsa or ec."""

    folder: Path
    kind: str = "rsa"

    @property
    def root(self) -> Path:
        return self.folder / "root.pem"

    def config(self, ess: str = "sha256", chain: str = "no") -> Path:
        place = self.folder / f"{ess}.cnf"
        place.write_text(CONFIG.format(folder=self.folder, ess=ess, chain=chain))
        return place

    def begin(self) -> Maker:
        self.folder.mkdir(parents=True)
        (self.folder / "index.txt").write_text("")
        for name in ("serial", "crlnumber", "tsaserial"):
            (self.folder / name).write_text("1000\n")
        self.key("root")
        self.request("root")
        self.sign("root", "root", "authority", "20200101000000Z", "20400101000000Z", self_signed=True)
        self.certify("between", by="root", section="authority")
        return self

    def key(self, name: str) -> None:
        made = self.folder / f"{name}.key"
        if self.kind == "ec":
            openssl(
                "genpkey",
                "-algorithm",
                "EC",
                "-pkeyopt",
                "ec_paramgen_curve:P-384" if name == "root" else "ec_paramgen_curve:P-256",
                "-out",
                made,
            )
        else:
            openssl("genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048", "-out", made)

    def request(self, name: str) -> None:
        openssl(
            "req",
            "-new",
            "-key",
            self.folder / f"{name}.key",
            "-subj",
            f"/CN={self.kind} {name}",
            "-config",
            self.config(),
            "-out",
            self.folder / f"{name}.csr",
        )

    def sign(
        self, name: str, by: str, section: str, since: str, until: str, self_signed: bool = False
    ) -> None:
        who = ["-selfsign"] if self_signed else ["-cert", str(self.folder / f"{by}.pem")]
        openssl(
            "ca", "-batch", "-notext", "-config", self.config(), "-extensions", section, *who, "-keyfile",
            self.folder / f"{by}.key", "-in", self.folder / f"{name}.csr", "-out", self.folder / f"{name}.pem",
            "-startdate", since, "-enddate", until,
        )  # fmt: skip

    def certify(
        self,
        name: str,
        by: str = "between",
        section: str = "clock",
        since: str = "20200101000000Z",
        until: str = "20400101000000Z",
    ) -> Path:
        self.key(name)
        self.request(name)
        self.sign(name, by, section, since, until)
        return self.folder / f"{name}.pem"

    def chain(self, name: str, *, with_root: bool = False) -> Path:
        place = self.folder / f"{name}.chain.pem"
        names = ["between", "root"] if with_root else ["between"]
        place.write_text("".join((self.folder / f"{one}.pem").read_text() for one in names))
        return place

    def query(self, data: bytes) -> bytes:
        place = self.folder / "data"
        place.write_bytes(data)
        return openssl("ts", "-query", "-data", place, "-sha256", "-cert")

    def reply(self, query: bytes, clock: str = "clock", ess: str = "sha256") -> bytes:
        asked = self.folder / f"asked-{threading.get_ident()}"
        asked.write_bytes(query)
        return openssl(
            "ts", "-reply", "-queryfile", asked, "-config", self.config(ess), "-inkey", self.folder / f"{clock}.key",
            "-signer", self.folder / f"{clock}.pem", "-chain", self.chain(clock),
        )  # fmt: skip

    def revoke(self, name: str, reason: str | None) -> None:
        words = ["-crl_reason", reason] if reason else []
        by = self._by("between")
        openssl("ca", "-config", self.config(), *by, "-revoke", self.folder / f"{name}.pem", *words)

    def crl(self) -> bytes:
        made = openssl("ca", "-config", self.config(), *self._by("between"), "-gencrl")
        return openssl("crl", "-outform", "DER", input=made)

    def _by(self, name: str) -> list[str | Path]:
        return ["-cert", self.folder / f"{name}.pem", "-keyfile", self.folder / f"{name}.key"]

    def der(self, name: str) -> bytes:
        return openssl("x509", "-in", self.folder / f"{name}.pem", "-outform", "DER")


Answer = Callable[[str, bytes], tuple[int, bytes] | tuple[int, bytes, dict[str, str]]]


@contextmanager
def serving(answer: Answer) -> Iterator[str]:
    """A server on the loopback; its address. `answer` gets the path and what was posted."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self._answer(self.rfile.read(int(self.headers.get("Content-Length") or 0)))

        def do_GET(self) -> None:
            self._answer(b"")

        def _answer(self, body: bytes) -> None:
            status, said, *more = answer(self.path, body)
            self.send_response(status)
            for name, value in (more[0] if more else {}).items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        def log_message(self, *said: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture(scope="session")
def rsa(tmp_path_factory: pytest.TempPathFactory) -> Maker:
    """An authority with RSA keys and one clock."""
    made = Maker(tmp_path_factory.mktemp("authority") / "rsa").begin()
    made.certify("clock")
    return made


@pytest.fixture(scope="session")
def curve(tmp_path_factory: pytest.TempPathFactory) -> Maker:
    """An authority with keys on curves and one clock."""
    made = Maker(tmp_path_factory.mktemp("authority") / "ec", "ec").begin()
    made.certify("clock")
    return made

"""Somebody with a browser, and with less of a browser."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.journeys.proof_files import written

NO_ED25519 = """SubtleCrypto.prototype.importKey = () =>
  Promise.reject(new DOMException("no such algorithm", "NotSupportedError"));"""
NO_CRYPTO = "Object.defineProperty(Crypto.prototype, 'subtle', { get: () => undefined });"


class Reader:
    """Somebody with a browser, who notices what the page asks of the network and what it complains of."""

    def __init__(self, browser: Any, **settings: Any) -> None:
        self.context = browser.new_context(offline=True, **settings)
        self.page = self.context.new_page()
        self.requests: list[str] = []
        self.complaints: list[str] = []
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def opens(self, folder: Path) -> Reader:
        self.page.goto((folder / "index.html").as_uri())
        return self

    def checks(self, folder: Path) -> Reader:
        self.page.evaluate("document.getElementById('result').replaceChildren()")
        self.page.set_input_files("#folder", folder)
        self.page.wait_for_selector(".outcome")
        return self

    def reads(self, selector: str) -> str:
        return str(self.page.inner_text(selector))

    @property
    def verdict(self) -> str:
        return self.reads("#verdict")

    @property
    def problems(self) -> list[str]:
        return [line.inner_text() for line in self.page.query_selector_all(".problems li")]


HOLDS, FAILS = "What this proof says holds", "This proof does not hold"
UNABLE = "Not everything could be checked"


class Doubter(Reader):
    """A reader with a proof in hand."""

    def at(self, page: Path, language: str = "en") -> Doubter:
        self.page.goto(f"{page.as_uri()}#{language}")
        return self

    def gives(
        self, proof: bytes | dict[str, Any], original: bytes | None = None, name: str = "proof.json"
    ) -> str:
        """Chooses the proof, and perhaps the file it is about, and reads the verdict."""
        data = proof if isinstance(proof, bytes) else written(proof)
        self._choose("#proof-file", name, data)
        if original is not None:
            self._choose("#original-file", "original.txt", original)
        return self.reads("#proof-result .outcome > h3")

    def _choose(self, box: str, name: str, data: bytes) -> None:
        self.page.evaluate("document.getElementById('proof-result').replaceChildren()")
        self.page.set_input_files(box, {"name": name, "mimeType": "application/json", "buffer": data})
        self.page.wait_for_selector("#proof-result .outcome")

    def lines(self, state: str) -> list[str]:
        return [str(line.inner_text()) for line in self.page.query_selector_all(f".steps .{state}")]

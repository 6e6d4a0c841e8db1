"""Makes the test vectors beside it: python tests/vectors/make.py

Seeds and salts are fixed, so the same files come out each time; a test compares.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from hashlib import sha256, sha512
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from histories import histories, members
from independent import (
    B,
    L,
    LogKey,
    P,
    canonical,
    commitment,
    encoded,
    hidden_bits,
    leaf,
    path,
    plus,
    root,
    times,
)
from letting_in import devices
from mutations import dossier_mutations, record_mutations, record_notes
from tiny import FIRST, RECORD, SECOND, Tiny, dossier, fixed_id, record

HERE = Path(__file__).parent


def canonical_json() -> dict[str, Any]:
    good: list[tuple[str, Any]] = [
        ("nothing in an object", {}),
        ("members are sorted by code point, capitals first", {"b": 1, "a": 2, "B": 3, "": 4}),
        ("every kind of value", {"a": [None, True, False, 0, -1, "x", {}, []]}),
        ("the largest and the smallest number", [2**53 - 1, 1 - 2**53]),
        ("what is escaped", "".join(map(chr, range(32))) + '"\\'),
        ("what is not escaped", "/\u007f\u0080\u00a0\u2028\u2029\ufeff\ufffd\uffff"),
        ("text is not normalised", "e\u0301 \u00e9 \u0649 \u064a \u05b8"),
        ("letters beyond the basic plane", "\U0001f426\U0010ffff"),
        ("64 levels", _nested(64)),
    ]
    bad = [
        ("nothing", b""),
        ("white space after a comma", b'{"a":1, "b":2}'),
        ("white space before", b" {}"),
        ("a line feed after", b"{}\n"),
        ("members not sorted", b'{"b":1,"a":2}'),
        ("a member twice", b'{"a":1,"a":1}'),
        ("a member twice, written in two ways", b'{"a":1,"\\u0061":1}'),
        ("a member whose name is not ASCII", '{"é":1}'.encode()),
        ("a fraction", b"[1.5]"),
        ("a whole number written as a fraction", b"[1.0]"),
        ("an exponent", b"[1e2]"),
        ("minus nought", b"[-0]"),
        ("a leading nought", b"[01]"),
        ("a number too large", str([2**53]).encode()),
        ("a number too small", str([-(2**53)]).encode()),
        ("a number of a million digits", b"[" + b"9" * 1000 + b"]"),
        ("not a number", b"[NaN]"),
        ("infinity", b"[Infinity]"),
        ("a needless escape of a letter", b'["\\u0061"]'),
        ("a needless escape of a slash", b'["\\/"]'),
        ("a long escape where a short one exists", b'["\\u000a"]'),
        ("an escape in capitals", b'["\\u001F"]'),
        ("a letter escaped that has to be written", b'["\\u00e9"]'),
        ("an escaped pair of surrogates", b'["\\ud83d\\udc26"]'),
        ("half of an escaped pair", b'["\\ud83d"]'),
        ("half of a pair in the bytes", b'["\xed\xa0\xbd"]'),
        ("a control character", b'["\x01"]'),
        ("bytes that are not UTF-8", b'["\xff"]'),
        ("an overlong form", b'["\xc0\xaf"]'),
        ("a byte order mark", b"\xef\xbb\xbf{}"),
        ("UTF-16", '{"a":1}'.encode("utf-16")),
        ("a second value", b"{}{}"),
        ("a comma too many", b"[1,]"),
        ("single quotes", b"{'a':1}"),
        ("a remark", b"{}//x"),
        ("an object without its end", b'{"a":1'),
        ("65 levels", canonical(_nested(65)).encode()),
        ("very many levels", b"[" * 100_000),
    ]
    return {
        "good": [{"why": why, "hex": canonical(value).encode().hex(), "value": value} for why, value in good],
        "bad": [
            {"why": why, "hex": raw.hex()} if len(raw) < 5000 else _repeated(why, raw) for why, raw in bad
        ],
    }


def _nested(levels: int) -> Any:
    value: Any = []
    for _ in range(levels - 1):
        value = [value]
    return value


def _repeated(why: str, raw: bytes) -> dict[str, Any]:
    assert set(raw) == {raw[0]}
    return {"why": why, "hex": raw[:1].hex(), "times": len(raw)}


def commitments() -> list[dict[str, str]]:
    made = []
    for body in ("{}", canonical({"text": "الجسر مفتوح"}), "not canonical, and a commitment does not care"):
        salt = sha256(b"salt for " + body.encode()).digest()
        made.append({"salt": salt.hex(), "body": body, "commitment": commitment(salt, body)})
    return made


def trees() -> dict[str, Any]:
    """Leaf n is the words `leaf n`. Every root up to 17 and some beyond; every path up to 9 and some beyond."""
    sizes = [*range(18), 31, 32, 33, 63, 64, 65, 100, 1000]
    data = [f"leaf {n}".encode() for n in range(1000)]
    places = [(size, n) for size in range(1, 10) for n in range(size)]
    places += [
        (17, 0),
        (17, 15),
        (17, 16),
        (64, 63),
        (65, 64),
        (100, 0),
        (100, 63),
        (100, 99),
        (1000, 511),
        (1000, 999),
    ]
    return {
        "leaves": [leaf(one).hex() for one in data[:3]],
        "roots": [{"size": size, "root": root(data[:size]).hex()} for size in sizes],
        "paths": [
            {"size": size, "index": n, "path": [step.hex() for step in path(n, data[:size])]}
            for size, n in places
        ],
    }


SEEDS = {
    "RFC 8032, 7.1, test 1": ("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60", b""),
    "RFC 8032, 7.1, test 2": ("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb", b"\x72"),
    "RFC 8032, 7.1, test 3": (
        "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
        b"\xaf\x82",
    ),
    "RFC 8032, 7.1, SHA(abc)": (
        "833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42",
        sha512(b"abc").digest(),
    ),
}


def signatures() -> list[dict[str, Any]]:
    made = [_signed(why, bytes.fromhex(seed), message) for why, (seed, message) in SEEDS.items()]
    return [*made, *_refused(made[1])]


def _signed(why: str, seed: bytes, message: bytes) -> dict[str, Any]:
    key = Ed25519PrivateKey.from_private_bytes(seed)
    return _case(why, key.public_key().public_bytes_raw(), message, key.sign(message), True)


def _case(why: str, public: bytes, message: bytes, signature: bytes, good: bool) -> dict[str, Any]:
    made = {"why": why, "public": public.hex(), "message": message.hex(), "signature": signature.hex()}
    return {**made, "good": good}


def _refused(good: dict[str, Any]) -> Iterator[dict[str, Any]]:
    public, message, signature = (bytes.fromhex(good[part]) for part in ("public", "message", "signature"))
    s = int.from_bytes(signature[32:], "little")
    raised = signature[:32] + (s + L).to_bytes(32, "little")
    yield _case("S not below the order of the group", public, message, raised, False)
    for part in (0, 31, 32, 63):
        bent = bytes(byte ^ (part == at) for at, byte in enumerate(signature))
        yield _case(f"a bit of byte {part} flipped", public, message, bent, False)
    yield _case("another message", public, message + b"\x00", signature, False)
    yield _case("a signature without its last byte", public, message, signature[:-1], False)
    yield _case("a signature with a byte more", public, message, signature + b"\x00", False)
    small = times(L, _torsion())
    trivial = encoded((0, 1)) + bytes(32)
    for order in range(8):
        weak = encoded(times(order, small)) if order else encoded((0, 1))
        yield _case(f"a key of small order, {order} of 8", weak, b"any message", trivial, False)
    yield _case("a key that is not in canonical form", (P + 1).to_bytes(32, "little"), b"", trivial, False)
    yield _case("a key with y above p", (2**255 - 1).to_bytes(32, "little"), b"", trivial, False)
    yield _case("a key that is on no point", (2).to_bytes(32, "little"), b"", trivial, False)
    yield _cofactored(small)


def _torsion() -> tuple[int, int]:
    """A point on the curve, outside the subgroup of the base point."""
    for y in range(2, 100):
        u, v = (y * y - 1) % P, (-121665 * pow(121666, -1, P) * y * y + 1) % P
        square = u * pow(v, -1, P) % P
        x = pow(square, (P + 3) // 8, P)
        for one in (x, x * pow(2, (P - 1) // 4, P) % P):
            point = one, y
            if one * one % P == square and times(4, times(L, point)) != (0, 1):
                return point
    raise AssertionError


def _cofactored(small: tuple[int, int]) -> dict[str, Any]:
    """R carries a part of order 8. A verifier that multiplies by the cofactor would take this signature."""
    secret, nonce, message = 12345, 67890, b"the bridge was open"
    public, r = encoded(times(secret, B)), encoded(plus(times(nonce, B), small))
    k = int.from_bytes(sha512(r + public + message).digest(), "little") % L
    s = (nonce + k * secret) % L
    return _case("good only with the cofactor", public, message, r + s.to_bytes(32, "little"), False)


def keys() -> dict[str, Any]:
    key = LogKey(RECORD, FIRST)
    line, raw = key.line(), base64.b64encode(b"\x01" + key.public).decode()
    origin = key.origin

    def hashed(public: bytes, kind: bytes = b"\x01") -> str:
        digits = sha256(origin.encode() + b"\n" + kind + public).digest()[:4].hex()
        return f"{origin}+{digits}+{base64.b64encode(kind + public).decode()}"

    bad = [
        ("nothing", ""),
        ("two parts", line.rpartition("+")[0]),
        ("a line feed inside", line + "\n"),
        ("a key hash in capitals", line.replace(key.hash().hex(), key.hash().hex().upper())),
        ("a key hash that does not fit", f"{origin}+00000000+{raw}"),
        ("another origin", line.replace(FIRST, SECOND)),
        ("an origin without a log", line.replace("/" + FIRST, "")),
        ("an incarnation nought", line.replace(".1+", ".0+")),
        ("base64 without its end", line[:-1]),
        ("base64 with a space", line[:-1] + " "),
        (
            "base64 for web addresses",
            f"{origin}+{key.hash().hex()}+{base64.urlsafe_b64encode(bytes([1]) + bytes([251] * 32)).decode()}",
        ),
        ("another algorithm", hashed(key.public, b"\x02")),
        ("a key of 31 bytes", hashed(key.public[:31])),
        ("a key of small order", hashed(encoded((0, 1)))),
        ("a key that is not in canonical form", hashed((P + 3).to_bytes(32, "little"))),
    ]
    good = [
        {
            "line": one.line(),
            "record": RECORD,
            "log": log,
            "public": one.public.hex(),
            "fingerprint": one.fingerprint(),
        }
        for log, one in ((log, LogKey(RECORD, log)) for log in (FIRST, SECOND))
    ]
    return {"good": good, "bad": [{"why": why, "line": text} for why, text in bad]}


def checkpoints() -> dict[str, Any]:
    key, other = LogKey(RECORD, FIRST), LogKey(RECORD, SECOND)
    heads = [f"leaf {n}".encode() for n in range(5)]
    note = key.note(heads)
    text, own = note.split("\n\n")[0] + "\n", note.split("\n\n")[1]
    rooted = base64.b64encode(root(heads)).decode()
    witness = own.replace(key.origin, "witness.example/1")

    def signed(words: str) -> str:
        return words + "\n" + key.sign(words)

    encoded_line = own.split(" ")[2].strip()
    bent = own.replace(encoded_line, hidden_bits(encoded_line))
    good = [
        ("one signature", note),
        ("a cosignature after it", note + witness),
        ("a cosignature before it", text + "\n" + witness + own),
    ]
    bad = [
        ("nothing", ""),
        ("no signature", text),
        ("an empty signature part", text + "\n"),
        ("no last line feed", note[:-1]),
        ("a line feed too many", note + "\n"),
        ("carriage returns", note.replace("\n", "\r\n")),
        ("another size", note.replace("\n5\n", "\n6\n")),
        ("another root", note.replace(rooted, base64.b64encode(bytes(32)).decode())),
        ("another origin", note.replace(FIRST, SECOND)),
        ("another log's checkpoint", other.note(heads)),
        ("signed by another key only", text + "\n" + witness),
        ("signed twice", note + own),
        ("an extension line, signed", signed(text + "x\n")),
        ("two lines, signed", signed(f"{key.origin}\n5\n")),
        ("a leading nought, signed", signed(text.replace("\n5\n", "\n05\n"))),
        ("no entries, signed", signed(text.replace("\n5\n", "\n0\n"))),
        ("a plus sign, signed", signed(text.replace("\n5\n", "\n+5\n"))),
        ("digits of another script, signed", signed(text.replace("\n5\n", "\n٥\n"))),
        ("a root of 31 bytes, signed", signed(text.replace(rooted, base64.b64encode(bytes(31)).decode()))),
        ("a root in base64 without its end, signed", signed(text.replace(rooted, rooted.rstrip("=")))),
        ("a root whose last letter hides bits, signed", signed(text.replace(rooted, hidden_bits(rooted)))),
        ("a signature whose last letter hides bits", text + "\n" + bent),
        ("a hyphen for the dash", note.replace("\u2014", "-")),
        ("two spaces", note.replace("\u2014 ", "\u2014  ")),
        (
            "a signature of 63 bytes",
            text
            + f"\n\u2014 {key.origin} {base64.b64encode(base64.b64decode(own.split(' ')[2])[:-1]).decode()}\n",
        ),
        (
            "another key hash",
            text
            + f"\n\u2014 {key.origin} {base64.b64encode(bytes(4) + base64.b64decode(own.split(' ')[2])[4:]).decode()}\n",
        ),
    ]
    return {
        "vkey": key.line(),
        "size": 5,
        "root": root(heads).hex(),
        "good": [{"why": why, "note": text} for why, text in good],
        "bad": [{"why": why, "note": text} for why, text in bad],
    }


def heads() -> dict[str, Any]:
    tiny = Tiny()
    head = tiny.first.heads[5]
    commit = json.loads(head)["commit"]
    bad = [
        ("a space", head.replace(",", ", ", 1)),
        ("members not sorted", head.replace('"seq":5,"v":1', '"v":1,"seq":5')),
        ("an unknown class", head.replace("content", "note")),
        ("a commitment in capitals", head.replace(commit, commit.upper())),
        ("a commitment of 31 bytes", head.replace(commit, commit[2:])),
        ("a log without an incarnation", head.replace(FIRST, FIRST[:-2])),
        ("a leading nought", head.replace('"seq":5', '"seq":05')),
        ("a number below nought", head.replace('"seq":5', '"seq":-5')),
        ("digits of another script", head.replace('"seq":5', '"seq":٥')),
        ("a number as text", head.replace('"seq":5', '"seq":"5"')),
        ("another version", head.replace('"v":1', '"v":2')),
        ("a further member", head.replace('"v":1', '"v":1,"w":1')),
        ("no class", head.replace('"class":"content",', "")),
        ("of nothing", head.replace('"seq"', '"of":"","seq"')),
        ("of something that is no entry", head.replace('"seq"', f'"of":"{FIRST}","seq"')),
        ("a line feed after it", head + "\n"),
    ]
    return {
        "good": [{"head": one, "leaf": leaf(one.encode()).hex()} for one in tiny.first.heads],
        "bad": [{"why": why, "head": text} for why, text in bad],
    }


def bodies() -> dict[str, Any]:
    """Bodies under heads that commit to them, so that only the body itself can be wrong."""
    tiny = Tiny()
    good = [
        {"class": json.loads(head)["class"], "log": FIRST, "body": body[1]}
        for head, body in zip(tiny.first.heads, tiny.first.bodies, strict=True)
        if body and '"of"' not in head
    ]
    base = {
        "author": fixed_id("keeper"),
        "clock": 1,
        "fields": {},
        "kind": "statement",
        "thing": fixed_id("x"),
    }
    release = {**base, "author": FIRST, "kind": "release"}
    good.append({"class": "control", "log": FIRST, "body": canonical(release)})
    bad: list[tuple[str, str, dict[str, Any]]] = [
        ("no author", "content", {key: value for key, value in base.items() if key != "author"}),
        ("no thing", "content", {key: value for key, value in base.items() if key != "thing"}),
        ("a further member", "content", {**base, "x": 1}),
        ("an author who is no id", "content", {**base, "author": "keeper"}),
        ("a log as author of what is no release", "content", {**base, "author": FIRST}),
        ("another log as author of a release", "control", {**release, "author": SECOND}),
        ("a person as author of a release", "control", {**base, "kind": "release"}),
        ("a thing that is no id", "content", {**base, "thing": "bridge"}),
        ("a clock as text", "content", {**base, "clock": "1"}),
        ("a clock that is true", "content", {**base, "clock": True}),
        ("a clock before 1970", "content", {**base, "clock": -1}),
        ("fields that are a list", "content", {**base, "fields": []}),
        ("an empty kind", "content", {**base, "kind": ""}),
        ("a slug that is nothing", "content", {**base, "slug": None}),
        ("supersedes nothing", "content", {**base, "supersedes": []}),
        ("supersedes what is no entry", "content", {**base, "supersedes": [FIRST]}),
        ("supersedes one entry twice", "content", {**base, "supersedes": [f"{FIRST}/1", f"{FIRST}/1"]}),
        ("supersedes in another order", "content", {**base, "supersedes": [f"{FIRST}/9", f"{FIRST}/10"]}),
        ("terms under another class", "content", {**base, "kind": "terms"}),
        ("a statement under the class of terms", "terms", base),
        ("a release under the class content", "content", release),
    ]
    spoilt = [{"why": why, "class": sort, "log": FIRST, "body": canonical(body)} for why, sort, body in bad]
    spoilt.append({"why": "not canonical", "class": "content", "log": FIRST, "body": canonical(base) + " "})
    return {"good": good, "bad": spoilt}


def vectors() -> dict[str, Any]:
    return {
        "bodies.json": bodies(),
        "canonical.json": canonical_json(),
        "checkpoints.json": checkpoints(),
        "commitments.json": commitments(),
        "devices.json": devices(),
        "dossier.json": {"files": dossier(), "mutations": dossier_mutations()},
        "ed25519.json": signatures(),
        "heads.json": heads(),
        "histories.json": histories(),
        "keys.json": keys(),
        "members.json": members(),
        "record.json": {**record(), "mutations": record_mutations(), "notes": record_notes()},
        "trees.json": trees(),
    }


def written(value: Any) -> str:
    return json.dumps(value, indent=1) + "\n"


if __name__ == "__main__":
    for name, value in vectors().items():
        (HERE / name).write_text(written(value), encoding="utf-8")

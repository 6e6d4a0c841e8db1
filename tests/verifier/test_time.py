"""Tokens of time authorities, judged at their own time: by `openssl ts`, and by an authority that can be spoilt."""

from __future__ import annotations

import base64
import random
import subprocess
import sys
from datetime import datetime, timedelta, timezone
from hashlib import sha256
from pathlib import Path
from typing import Any

import authority as fixed
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding
from cryptography.hazmat.primitives.asymmetric import rsa as rsa_keys
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed, decode_dss_signature
from cryptography.x509.oid import ExtendedKeyUsageOID
from hypothesis import given
from hypothesis import strategies as st

from onrecord_verify.times.certificates import read_certificate
from onrecord_verify.times.curves import CURVES, ecdsa_good
from onrecord_verify.times.der import LARGEST, Untrue, one
from onrecord_verify.times.responses import Token, check_kept, check_response
from onrecord_verify.times.revoked import check_not_revoked, read_list
from onrecord_verify.times.signatures import PSS, read_key, signed_well
from onrecord_verify.times.tokens import read_request, read_response, read_token
from tests.authorities import Maker, openssl
from tests.verifier.laid_out import VERIFIER

UTC = timezone.utc  # noqa: UP017
DATA = b"the listing of a record"
THEN = datetime(2023, 11, 15, 9, 30, tzinfo=UTC)
TIME = VERIFIER.with_name("verify_time.py")
KINDS = ("rsa", "ec")


def answer(by: fixed.Authority, at: datetime = THEN, data: bytes = DATA, **more: Any) -> Token:
    """What a token of the fixed authority is found to show; its root is kept beside it."""
    response = by.answer(sha256(data).digest(), 7, at)
    return check_response(response, DATA, certificates=[by.chain[-1].der], **more)


def clock(kind: str = "ec", **signer: Any) -> fixed.Authority:
    return fixed.authority("hourglass" if kind == "ec" else "sundial", kind, **signer)


# by openssl


@pytest.fixture(params=KINDS)
def maker(request: pytest.FixtureRequest) -> Maker:
    found: Maker = request.getfixturevalue("rsa" if request.param == "rsa" else "curve")
    return found


def test_a_token_of_openssl_is_good(maker: Maker) -> None:
    query = maker.query(DATA)
    token = check_response(maker.reply(query), DATA, request=query, roots=[maker.der("root")])
    assert (token.authority, token.complete) == (f"CN={maker.kind} clock", True)
    assert token.root == sha256(maker.der("root")).hexdigest()
    assert abs(datetime.now(UTC) - token.at) < timedelta(hours=1)


def test_a_token_may_name_its_certificate_by_sha_1_as_old_authorities_do(maker: Maker) -> None:
    assert check_response(maker.reply(maker.query(DATA), ess="sha1"), DATA).time


def test_a_token_over_another_text_is_bad(maker: Maker) -> None:
    with pytest.raises(Untrue, match="of another text"):
        check_response(maker.reply(maker.query(b"other")), DATA)


def test_a_token_that_answers_another_request_is_bad(maker: Maker) -> None:
    with pytest.raises(Untrue, match="its nonce is another"):
        check_response(maker.reply(maker.query(DATA)), DATA, request=maker.query(DATA))


def test_a_certificate_that_had_expired_makes_a_bad_token(maker: Maker) -> None:
    maker.certify("late", since="20200101000000Z", until="20210101000000Z")
    with pytest.raises(Untrue, match=f"certificate of CN={maker.kind} late had expired, on 2021-01-01"):
        check_response(maker.reply(maker.query(DATA), "late"), DATA)


def test_a_certificate_that_was_not_valid_yet_makes_a_bad_token(maker: Maker) -> None:
    maker.certify("early", since="20390101000000Z")
    with pytest.raises(Untrue, match=r"before the certificate of CN=\w+ early was valid"):
        check_response(maker.reply(maker.query(DATA), "early"), DATA)


def test_a_root_that_was_not_asked_for_is_refused(rsa: Maker, curve: Maker) -> None:
    with pytest.raises(Untrue, match="does not lead to one of the roots"):
        check_response(rsa.reply(rsa.query(DATA)), DATA, roots=[curve.der("root")])


def test_without_its_root_a_chain_is_good_up_to_the_last_certificate_there_is(rsa: Maker) -> None:
    token = check_response(rsa.reply(rsa.query(DATA)), DATA)
    assert (token.root_name, token.complete) == ("CN=rsa between", False)
    assert token.root == sha256(rsa.der("between")).hexdigest()


@pytest.mark.parametrize("reason", ["superseded", "cessationOfOperation", "affiliationChanged"])
def test_a_certificate_revoked_later_leaves_the_token_good_with_a_note(rsa: Maker, reason: str) -> None:
    name = f"replaced-{reason}"
    rsa.certify(name)
    response = rsa.reply(rsa.query(DATA), name)
    rsa.revoke(name, reason)
    good, notes = judged(rsa, response, name)
    assert good and "revoked later" in notes[0] and "stays good" in notes[0]


@pytest.mark.parametrize(("reason", "why"), [("keyCompromise", "stolen"), (None, "no reason was given")])
def test_a_stolen_key_or_a_revocation_without_a_reason_makes_earlier_tokens_bad_too(
    rsa: Maker, reason: str | None, why: str
) -> None:
    name = f"stolen-{reason}"
    rsa.certify(name)
    response = rsa.reply(rsa.query(DATA), name)
    rsa.revoke(name, reason)
    good, notes = judged(rsa, response, name)
    assert not good and why in notes[0]


def judged(maker: Maker, response: bytes, name: str) -> tuple[bool, list[str]]:
    """A token against the list that `openssl ca` gives now, as if made a day before it was."""
    chain = [read_certificate(maker.der(one)) for one in (name, "between", "root")]
    yesterday = datetime.now(UTC) - timedelta(days=1)
    try:
        return True, list(check_not_revoked(chain, [maker.crl()], yesterday))
    except Untrue as wrong:
        return False, [str(wrong)]


def test_a_certificate_revoked_before_makes_a_bad_token(rsa: Maker) -> None:
    rsa.certify("gone")
    rsa.revoke("gone", "superseded")
    response = tomorrow(rsa, "gone")
    with pytest.raises(Untrue, match="had been revoked, on"):
        check_response(response, DATA, crls=[rsa.crl()])


def tomorrow(maker: Maker, name: str) -> bytes:
    """A token of a clock whose key is at hand, made a day from now."""
    key = serialization.load_pem_private_key((maker.folder / f"{name}.key").read_bytes(), None)
    holders = [
        fixed.Holder(key if one == name else None, x509.load_der_x509_certificate(maker.der(one)))
        for one in (name, "between", "root")
    ]
    by = fixed.Authority("https://gone.example/", tuple(holders))
    return by.answer(sha256(DATA).digest(), 7, datetime.now(UTC) + timedelta(days=1))


def test_a_list_that_is_altered_or_of_another_authority_is_told(rsa: Maker, curve: Maker) -> None:
    response, crl = rsa.reply(rsa.query(DATA)), bytearray(rsa.crl())
    crl[-1] ^= 1
    with pytest.raises(Untrue, match="list of revoked certificates that is altered"):
        check_response(response, DATA, crls=[bytes(crl)])
    assert "of another authority" in check_response(response, DATA, crls=[curve.crl()]).notes[0]


def test_openssl_finds_the_fixed_authority_good_too(tmp_path: Path) -> None:
    for kind in KINDS:
        by = clock(kind)
        (tmp_path / "data").write_bytes(DATA)
        (tmp_path / "response").write_bytes(by.answer(sha256(DATA).digest(), 7, THEN))
        root = by.chain[-1].certificate.public_bytes(serialization.Encoding.PEM)
        (tmp_path / "root.pem").write_bytes(root)
        openssl(
            "ts", "-verify", "-data", tmp_path / "data", "-in", tmp_path / "response", "-CAfile",
            tmp_path / "root.pem", "-attime", str(int(THEN.timestamp())),
        )  # fmt: skip


# judged at its own time


@pytest.mark.parametrize("kind", KINDS)
def test_a_certificate_that_has_expired_since_is_good(kind: str) -> None:
    until = THEN + timedelta(seconds=1)
    assert until < datetime.now(UTC)
    assert answer(clock(kind, until=until)).time == "2023-11-15T09:30:00Z"


@pytest.mark.parametrize("kind", KINDS)
def test_the_last_and_first_second_count(kind: str) -> None:
    assert answer(clock(kind, since=THEN, until=THEN))
    with pytest.raises(Untrue, match="had expired"):
        answer(clock(kind, until=THEN - timedelta(seconds=1)))


def test_an_authority_above_that_had_expired_makes_a_bad_token() -> None:
    old = clock()
    root = old.chain[-1]
    until = THEN - timedelta(days=1)
    between = fixed.certified("hourglass between", old.chain[1].key, root, authority=True, until=until)
    with pytest.raises(Untrue, match="CN=hourglass between had expired"):
        answer(fixed.Authority(old.url, (old.signer, between, root)))


# what is wrong with it


SERVER = ExtendedKeyUsageOID.SERVER_AUTH
STAMPING = ExtendedKeyUsageOID.TIME_STAMPING


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("signer", "why"),
    [
        ({"usages": (SERVER,)}, "not one for time stamps alone"),
        ({"usages": (STAMPING, SERVER)}, "not one for time stamps alone"),
        ({"usages": ()}, "not one for time stamps"),
        ({"critical": False}, "not marked critical"),
    ],
)
def test_a_certificate_for_another_purpose_makes_a_bad_token(
    kind: str, signer: dict[str, Any], why: str
) -> None:
    with pytest.raises(Untrue, match=why):
        answer(clock(kind, **signer))


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"digest": bytes(32)}, "its content is not what was signed"),
        ({"type": fixed.SIGNED_DATA}, "signed as something other than a time"),
        ({"stated": b"another certificate"}, "names another certificate"),
        ({"without": (0,)}, "lacks an attribute"),
        ({"without": (1,)}, "lacks an attribute"),
        ({"without": (2,)}, "does not say which certificate"),
    ],
)
def test_a_token_without_what_rfc_3161_asks_for_is_bad(changed: dict[str, Any], why: str) -> None:
    by = clock()
    by.changed.update(changed)
    with pytest.raises(Untrue, match=why):
        answer(by)


def test_a_wrong_nonce_is_found() -> None:
    by = clock()
    by.changed["nonce"] = 8
    response, request = by.answer(sha256(DATA).digest(), 7, THEN), fixed.request(sha256(DATA).digest(), 7)
    with pytest.raises(Untrue, match="its nonce is another"):
        check_response(response, DATA, request=request)


def test_a_signer_that_nobody_certified_leads_nowhere() -> None:
    by, other = clock("rsa"), clock("ec")
    impostor = fixed.certified("sundial clock", by.signer.key, None, authority=False)
    forged = fixed.Authority(by.url, (impostor, *by.chain[1:]))
    token = answer(forged)
    assert token.root == sha256(impostor.der).hexdigest() != sha256(by.chain[-1].der).hexdigest()
    with pytest.raises(Untrue, match="does not lead to one of the roots"):
        answer(forged, roots=[by.chain[-1].der, other.chain[-1].der])


def test_an_issuer_in_name_only_is_found() -> None:
    """The same names under other keys: the signature of the certificate below does not fit."""
    by = clock()
    root = by.chain[-1]
    key = fixed.fixed_ec("somebody else")
    between = fixed.certified("hourglass between", key, root, authority=True)
    with pytest.raises(Untrue, match="certificate of CN=hourglass clock that is altered"):
        answer(fixed.Authority(by.url, (by.signer, between, root)))


def test_a_clock_cannot_certify_another() -> None:
    by = clock()
    below = fixed.certified("below", fixed.fixed_ec("below"), by.signer, authority=False)
    with pytest.raises(Untrue, match="CN=hourglass clock, which may not certify others"):
        answer(fixed.Authority(by.url, (below, *by.chain)))


@pytest.mark.parametrize("kind", KINDS)
def test_any_byte_altered_is_found_or_changes_nothing_that_is_told(kind: str) -> None:
    by = clock(kind)
    response = by.answer(sha256(DATA).digest(), 7, THEN)
    told = check_response(response, DATA, roots=[by.chain[-1].der])
    drawn = random.Random(kind)
    found = 0
    for at in drawn.sample(range(len(response)), 400):
        bent = bytearray(response)
        bent[at] ^= 1 << drawn.randrange(8)
        try:
            again = check_response(bytes(bent), DATA, roots=[by.chain[-1].der])
        except Untrue:
            found += 1
        else:
            assert again._replace(chain=[]) == told._replace(chain=[])
    assert found > 350


@pytest.mark.parametrize("end", [0, 1, 2, 100, -1])
def test_a_response_cut_short_is_bad(end: int) -> None:
    response = clock().answer(sha256(DATA).digest(), 7, THEN)
    with pytest.raises(Untrue):
        check_response(response[:end], DATA)


def test_a_byte_more_is_bad() -> None:
    response = clock().answer(sha256(DATA).digest(), 7, THEN)
    with pytest.raises(Untrue):
        check_response(response + b"\x00", DATA)


@given(st.binary(max_size=300))
def test_anything_else_is_untrue_and_never_a_fault(raw: bytes) -> None:
    for read in (read_response, read_token, read_certificate,
                 read_list, read_request):  # fmt: skip
        with pytest.raises(Untrue):
            read(raw)


@pytest.mark.parametrize(
    "raw",
    ["3080020100", "308100", "30820001", "3003020100", "1f8101", "0201", "308480000000", "3085ffffffffff"],
)
def test_what_der_does_not_allow_is_refused(raw: str) -> None:
    with pytest.raises(Untrue):
        read_request(bytes.fromhex(raw))


def test_what_is_too_large_is_refused_before_it_is_read() -> None:
    with pytest.raises(Untrue, match="too large"):
        check_response(b"\x30" * (LARGEST + 1), DATA)


# signatures, against another implementation


@pytest.mark.parametrize("named", [ec.SECP256R1(), ec.SECP384R1()])
@pytest.mark.parametrize("hashed", [hashes.SHA256(), hashes.SHA384(), hashes.SHA512()])
def test_ecdsa_agrees_with_another_implementation(
    named: ec.EllipticCurve, hashed: hashes.HashAlgorithm
) -> None:
    key = ec.generate_private_key(named)
    numbers = key.public_key().public_numbers()
    oid = {256: "1.2.840.10045.3.1.7", 384: "1.3.132.0.34"}[named.key_size]
    curve, point = CURVES[oid], (numbers.x, numbers.y)
    for n in range(5):
        digest = hashes.Hash(hashed)
        digest.update(bytes([n]))
        told = digest.finalize()
        r, s = decode_dss_signature(key.sign(told, ec.ECDSA(Prehashed(hashed))))
        assert ecdsa_good(curve, point, told, r, s)
        assert not ecdsa_good(curve, point, told, r, s ^ 1)
        assert not ecdsa_good(curve, point, bytes(len(told)), r, s)
    for first, second in ((0, 1), (1, 0), (curve.n, 1), (1, curve.n), (r, s + curve.n)):
        assert not ecdsa_good(curve, point, told, first, second)


@pytest.mark.parametrize("salt", [0, 32, 20])
def test_pss_agrees_with_another_implementation(salt: int) -> None:
    key: rsa_keys.RSAPrivateKey = fixed.fixed_rsa("sundial clock")
    signature = key.sign(DATA, padding.PSS(padding.MGF1(hashes.SHA256()), salt), hashes.SHA256())
    algorithm = one(pss(salt), 0x30, "algorithm")
    spki = key.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    public = read_key(one(spki, 0x30, "key"))
    assert signed_well(public, algorithm, signature, DATA)
    assert not signed_well(public, algorithm, signature, DATA + b"x")
    other = one(pss(salt + 1), 0x30, "algorithm")
    assert not signed_well(public, other, signature, DATA)


def pss(salt: int) -> bytes:
    hashed = fixed.algorithm(fixed.SHA256, null=True)
    mask = fixed.sequence(fixed.oid("1.2.840.113549.1.1.8"), hashed)
    stated = (fixed.der(0xA0, hashed), fixed.der(0xA1, mask), fixed.der(0xA2, fixed.integer(salt)))
    return fixed.sequence(fixed.oid(PSS), fixed.sequence(*stated))


# the program


def run(*words: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-I", "-S", "-B", TIME, *words]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)


def test_it_runs_by_itself_with_the_standard_library_alone(rsa: Maker, tmp_path: Path) -> None:
    data, query, response = (tmp_path / name for name in ("data", "query", "response"))
    data.write_bytes(DATA)
    query.write_bytes(rsa.query(DATA))
    response.write_bytes(rsa.reply(query.read_bytes()))
    done = run("--data", data, "--response", response, "--request", query, "--roots", rsa.root)
    assert done.returncode == 0, done.stderr
    assert sha256(rsa.der("root")).hexdigest() in done.stdout and "Compare" in done.stdout
    data.write_bytes(b"other")
    done = run("--data", data, "--response", response)
    assert done.returncode == 1 and "NOT good: the token is of another text" in done.stderr


def test_kept_text_has_one_spelling() -> None:
    kept = clock().stamp(sha256(DATA).digest(), 7, THEN)
    assert check_kept(kept, DATA).complete
    for spoilt in (kept["response"] + "\n", kept["response"].rstrip("="), kept["response"] + "====", 7, None):
        with pytest.raises(Untrue, match="base64"):
            check_kept({**kept, "response": spoilt}, DATA)
    assert base64.b64decode(kept["response"])

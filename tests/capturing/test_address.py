"""Which addresses may be captured, and which lie inside a network that is nobody's to look into."""

from __future__ import annotations

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from onrecord.capturing.address import is_public, read_address, read_relative, resolve
from onrecord.capturing.failure import NotFetched
from onrecord.record.errors import CaptureRefused


@pytest.mark.parametrize(
    "written",
    [
        "ftp://weir.example/",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "weir.example",
        "http://",
        "https://weir.example/a b",
        "https://weir.example/\r\nX: y",
        "https://weir.example:port/",
        "https://weir.example:99999/",
        "https://[::1/",
        "https://we ir.example/",
        "https://weir.example/" + "a" * 5_000,
        "",
    ],
)
def test_what_is_no_web_address_is_refused(written: str) -> None:
    with pytest.raises(CaptureRefused, match="no web address"):
        read_address(written)


def test_an_address_with_a_password_is_refused_and_the_password_is_not_repeated() -> None:
    with pytest.raises(CaptureRefused) as refused:
        read_address("https://guard:sluice@weir.example/")
    assert "sluice" not in str(refused.value)


@pytest.mark.parametrize(
    ("written", "url", "place"),
    [
        ("HTTPS://Weir.Example", "https://weir.example/", "https://weir.example"),
        ("https://weir.example:443/a#top", "https://weir.example/a", "https://weir.example"),
        ("http://weir.example:8080/a?q=1", "http://weir.example:8080/a?q=1", "http://weir.example:8080"),
        ("https://weir.example/البوابة", "https://weir.example/%D8%A7%D9%84%D8%A8%D9%88%D8%A7%D8%A8%D8%A9", "https://weir.example"),
        ("https://סכר.example/", "https://xn--geblw.example/", "https://xn--geblw.example"),
        ("http://[2001:db8::1]:80/", "http://[2001:db8::1]/", "http://[2001:db8::1]"),
    ],
)  # fmt: skip
def test_an_address_is_written_in_one_way(written: str, url: str, place: str) -> None:
    address = read_address(written)
    assert (address.url, address.place) == (url, place)
    assert read_address(address.url) == address


@pytest.mark.parametrize(
    "number",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "0.0.0.0", "100.64.0.1", "224.0.0.1",
        "255.255.255.255", "192.0.2.1", "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "ff02::1", "::ffff:10.0.0.1",
        "::ffff:127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "::127.0.0.1", "words", "",
    ],
)  # fmt: skip
def test_numbers_inside_a_network_are_not_public(number: str) -> None:
    assert not is_public(number)


@pytest.mark.parametrize(
    "number", ["8.8.8.8", "1.1.1.1", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"]
)
def test_numbers_of_the_open_network_are(number: str) -> None:
    assert is_public(number)


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "[::1]", "0x7f000001", "2130706433", "127.1"])
def test_a_name_for_this_laptop_is_refused_in_every_spelling(host: str) -> None:
    with pytest.raises((NotFetched, CaptureRefused)):
        resolve(read_address(f"http://{host}/"), allow_local=False)


@for_all(st.text(max_size=60))
def test_any_text_is_an_address_or_none(written: str) -> None:
    address = read_relative("https://weir.example/a/b", written)
    if address:
        assert address.url.isascii() and " " not in address.url
        assert read_address(address.url) == address

"""A stranger opens a dossier from disk, reads it, checks it, and prints it, in a real browser with no network."""

from __future__ import annotations

import base64
import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from onrecord.publishing.page.content import CitationView, DossierPage, Words
from onrecord.publishing.page.render import render
from tests.journeys.dossier_folder import write_dossier
from tests.journeys.reader import NO_CRYPTO, NO_ED25519, Reader
from tests.publishing.dossier_sample import ARABIC, ENGLISH, FINGERPRINT, HEBREW
from tests.verifier.laid_out import take_step, vector, write_files


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_dossier(ENGLISH, tmp_path_factory.mktemp("published") / "dossier")


@pytest.fixture
def copy(published: Path, tmp_path: Path) -> Path:
    """A copy that a test may spoil."""
    return Path(shutil.copytree(published, tmp_path / "copy"))


# Reading


def test_the_page_opens_from_disk_without_network_or_complaint(
    reader: Callable[..., Reader], published: Path
) -> None:
    stranger = reader().opens(published).checks(published)
    assert [url for url in stranger.requests if not url.startswith(("file:", "data:"))] == []
    assert [url for url in stranger.requests if url.startswith("file:")] == [
        (published / "index.html").as_uri()
    ]
    assert stranger.complaints == []


def test_without_script_all_is_there_to_read_and_citations_lead_to_their_sources(
    reader: Callable[..., Reader], published: Path
) -> None:
    stranger = reader(java_script_enabled=False).opens(published)
    text = stranger.reads("body")
    assert all(source.words.text in text and source.who in text for source in ENGLISH.citations)
    stranger.page.click(".article .cite >> nth=0")
    assert stranger.page.url.endswith("#source-3")
    assert "scripts are off" in text
    assert not stranger.page.is_visible("#pick")
    assert stranger.verdict == "Not checked on this computer"


def test_a_citation_opens_in_place_and_closes_again_by_keyboard_alone(
    reader: Callable[..., Reader], published: Path
) -> None:
    page = reader().opens(published).page
    cite = page.locator(".article .cite").nth(1)
    cite.focus()
    page.keyboard.press("Enter")
    opened = page.locator(".opened")
    assert "A shepherd of the upper terrace" in opened.inner_text()
    assert "Interview of 12 March 2021, turn 9" in opened.inner_text()
    assert "Described as agreed" in opened.inner_text()
    assert cite.get_attribute("aria-expanded") == "true"
    page.keyboard.press("Escape")
    assert opened.count() == 0
    assert cite.evaluate("link => link === document.activeElement")
    page.keyboard.press("Space")
    page.click(".opened .shut")
    assert opened.count() == 0


def test_the_first_stop_of_the_keyboard_skips_to_the_text_and_every_stop_is_visible(
    reader: Callable[..., Reader], published: Path
) -> None:
    page = reader().opens(published).page
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.hash") == "#text"
    for _ in range(12):
        width = page.evaluate("getComputedStyle(document.activeElement).outlineWidth")
        assert width == "3px"
        page.keyboard.press("Tab")


@pytest.mark.parametrize(("dossier", "language"), [(ARABIC, "ar"), (HEBREW, "he")])
def test_a_dossier_in_arabic_or_hebrew_is_mirrored_whole(
    reader: Callable[..., Reader], tmp_path: Path, dossier: DossierPage, language: str
) -> None:
    folder = write_dossier(dossier, tmp_path)
    stranger = reader(viewport={"width": 1280, "height": 900}).opens(folder).checks(folder)
    page = stranger.page
    assert page.evaluate("[document.documentElement.lang, document.documentElement.dir]") == [language, "rtl"]
    first, second = (page.locator(f".moment .side-{n}").first.bounding_box() for n in (1, 2))
    assert first["x"] > second["x"] and abs(first["width"] - second["width"]) < 1
    assert page.locator(".outcome.good").count() == 1
    assert stranger.complaints == []


@pytest.mark.parametrize("dossier", [ENGLISH, ARABIC, HEBREW], ids=["en", "ar", "he"])
@pytest.mark.parametrize("width", [320, 390, 640, 900, 1280])
def test_nothing_is_cut_off_at_any_width(
    reader: Callable[..., Reader], tmp_path: Path, dossier: DossierPage, width: int
) -> None:
    """At 640 a window of 1280 stands zoomed to 200%."""
    page = reader(viewport={"width": width, "height": 800}).opens(write_dossier(dossier, tmp_path)).page
    page.click(".article .cite >> nth=0")
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_on_a_narrow_screen_each_side_stands_under_the_point(
    reader: Callable[..., Reader], published: Path
) -> None:
    page = reader(viewport={"width": 390, "height": 800}).opens(published).page
    point, first, second = (
        page.locator(f".moment.shared {part}").first.bounding_box()
        for part in (".point", ".side-1", ".side-2")
    )
    assert point["y"] < first["y"] < second["y"]
    assert first["width"] == second["width"] == 390


def test_it_is_dark_where_the_reader_wants_dark(reader: Callable[..., Reader], published: Path) -> None:
    page = reader(color_scheme="dark").opens(published).page
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(27, 30, 34)"


def test_paper_carries_the_sources_and_the_fingerprint_and_no_verdict(
    reader: Callable[..., Reader], published: Path
) -> None:
    stranger = reader().opens(published).checks(published)
    page = stranger.page
    page.emulate_media(media="print")
    assert "Paper cannot be checked" in stranger.reads(".paper")
    assert page.is_visible("#source-1 .facts")
    assert not page.is_visible("#verdict") and not page.is_visible(".outcome") and not page.is_visible("nav")
    assert page.pdf(prefer_css_page_size=True).startswith(b"%PDF-")


# Checking


def test_a_good_folder_is_verified_and_says_what_that_does_and_does_not_show(
    reader: Callable[..., Reader], published: Path
) -> None:
    stranger = reader().opens(published)
    assert stranger.verdict == "Not checked on this computer"
    stranger.checks(published)
    assert stranger.problems == []
    assert stranger.verdict == "Verified on this computer"
    assert stranger.page.locator(".steps .good").count() == 5
    assert "Every listed file is exactly as it was published: 5 of 5." in stranger.reads(".steps")
    assert stranger.reads(".signer .fingerprint") == stranger.reads("#fingerprint") != FINGERPRINT
    assert "That what anyone says here is true." in stranger.reads(".bounds .not")


def test_the_folder_can_be_chosen_by_keyboard(reader: Callable[..., Reader], published: Path) -> None:
    stranger = reader()
    page = stranger.page
    page.on(
        "filechooser", lambda _: None
    )  # asked for before the page opens, so that the key does not come first
    stranger.opens(published)
    page.focus("#pick")
    with page.expect_file_chooser() as chooser:
        page.keyboard.press("Enter")
    chooser.value.set_files(published)
    page.wait_for_selector(".outcome.good")


def test_files_can_be_chosen_singly_where_a_browser_gives_no_folder(
    reader: Callable[..., Reader], published: Path
) -> None:
    stranger = reader()
    stranger.page.add_init_script("delete HTMLInputElement.prototype.webkitdirectory")
    stranger.opens(published)
    assert stranger.page.is_visible("#pick-files")
    stranger.page.set_input_files("#files", [path for path in published.rglob("*") if path.is_file()])
    stranger.page.wait_for_selector(".outcome")
    assert stranger.problems == []
    assert stranger.verdict == "Verified on this computer"


def test_every_altered_byte_is_named(reader: Callable[..., Reader], copy: Path) -> None:
    stranger = reader().opens(copy)
    for path in (*copy.glob("originals/*"), copy / "verify.py", copy / "README.txt", copy / "index.html"):
        good = path.read_bytes()
        path.write_bytes(good[:9] + bytes([good[9] ^ 1]) + good[10:])
        stranger.checks(copy)
        name = path.relative_to(copy).as_posix()
        assert stranger.problems == [f"{name}: altered: its bytes are not those that were published."]
        assert stranger.verdict == "Not as it was published"
        path.write_bytes(good)
    assert stranger.checks(copy).verdict == "Verified on this computer"


def test_an_added_a_missing_and_a_longer_file_are_each_named(
    reader: Callable[..., Reader], copy: Path
) -> None:
    (copy / "originals" / "3-new.txt").write_text("new", encoding="utf-8")
    (copy / "verify.py").unlink()
    with (copy / "README.txt").open("a", encoding="utf-8") as readme:
        readme.write("more")
    assert reader().opens(copy).checks(copy).problems == [
        "README.txt: altered: its size is not the one that was published.",
        "verify.py: missing: it was published and is not here.",
        "originals/3-new.txt: added: it was not published with this dossier.",
    ]


def test_a_page_that_prints_other_words_than_the_folder_is_found_out(
    reader: Callable[..., Reader], published: Path, tmp_path: Path
) -> None:
    other = replace(ENGLISH.citations[2], words=Words("I counted twelve.", "en"))
    page = replace(ENGLISH, citations=(*ENGLISH.citations[:2], other, *ENGLISH.citations[3:]))
    problems = reader().opens(write_dossier(page, tmp_path)).checks(published).problems
    assert problems == ["Source 3: this page prints other words than the folder’s list."]


def test_another_folder_is_not_judged(reader: Callable[..., Reader], published: Path, tmp_path: Path) -> None:
    (tmp_path / "holiday.txt").write_text("sun", encoding="utf-8")
    stranger = reader().opens(published).checks(tmp_path)
    assert "Choose the folder in which this page lies" in stranger.reads(".outcome")
    assert stranger.verdict == "Not checked on this computer"


# The same verdicts as the stand-alone verifier's vectors, with the browser's own arithmetic and with ours


def page_of(files: dict[str, str]) -> str:
    """The page for the vectors' dossier."""
    stated = json.loads(files["manifest.json"])
    citations = tuple(CitationView(one["n"], Words(one["words"]), one["who"]) for one in stated["citations"])
    key = _release_key(json.loads(files["proofs.json"]))
    return render(replace(ENGLISH, blocks=(), windows=(), originals=(), citations=citations, fingerprint=key))


def _release_key(proofs: dict[str, Any]) -> str:
    log = proofs["release"]["entry"].split("/")[0]
    (line,) = (one["vkey"] for one in proofs["logs"] if one["log"] == log)
    digits = sha256(base64.b64decode(line.split("+", 2)[2])[1:]).hexdigest()
    return " ".join(digits[at : at + 4] for at in range(0, 32, 4))


@pytest.mark.parametrize("without", ["", NO_ED25519, NO_CRYPTO], ids=["as it is", "no Ed25519", "no crypto"])
def test_every_spoiled_dossier_of_the_vectors_is_refused_and_the_good_one_is_not(
    reader: Callable[..., Reader], tmp_path: Path, without: str
) -> None:
    vectors = vector("dossier.json")
    (tmp_path / "page").mkdir()
    (tmp_path / "page" / "index.html").write_text(page_of(vectors["files"]), encoding="utf-8")
    stranger = reader()
    stranger.page.add_init_script(without or "0")
    stranger.opens(tmp_path / "page")
    good = write_files(vectors["files"], tmp_path / "good")
    assert stranger.checks(good).problems == []
    for number, mutation in enumerate(vectors["mutations"]):
        folder = write_files(vectors["files"], tmp_path / str(number))
        for step in mutation["steps"]:
            take_step(step, folder)
        assert stranger.checks(folder).problems, mutation["why"]
    assert stranger.checks(good).verdict == "Verified on this computer"
    assert stranger.complaints == []

"""Where proofs are checked, in a dossier or on a page of its own: languages, widths, keyboard, words."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from onrecord.publishing.page import checker as page_room
from onrecord.publishing.page.checker import NAME, render_checker
from onrecord.publishing.page.messages import messages_in
from onrecord.record.entries import CONTROL_KINDS
from tests.journeys.dossier_folder import write_dossier
from tests.journeys.proof_files import (
    ABOUT,
    SAMPLES,
    altered,
    bytes_of,
)
from tests.journeys.reader import FAILS, HOLDS, Doubter
from tests.publishing.dossier_sample import ARABIC, ENGLISH, HEBREW

VERIFIER = Path(__file__).resolve().parents[2] / "verifier"


def test_the_page_beside_the_verifier_is_the_one_that_is_made_now() -> None:
    made = (VERIFIER / NAME).read_text(encoding="utf-8")
    assert made == render_checker(), "run: python -m onrecord.publishing.page.checker verifier"


def test_a_dossier_also_checks_proofs_and_keeps_its_own_verdict_apart(browser: Any, tmp_path: Path) -> None:
    folder = write_dossier(ENGLISH, tmp_path)
    one = Doubter(browser)
    one.opens(folder)
    assert one.gives(bytes_of("rsa.json")) == HOLDS
    assert one.verdict == "Not checked on this computer"
    one.page.set_input_files("#folder", folder)
    one.page.wait_for_selector("#result .outcome")
    assert one.verdict == "Verified on this computer"
    assert one.gives(altered("rsa.json", "bridge.txt", "brigde.txt")) == FAILS
    assert one.verdict == "Verified on this computer"
    assert one.complaints == []
    one.context.close()


@pytest.mark.parametrize("dossier", [ARABIC, HEBREW], ids=["ar", "he"])
def test_a_dossier_in_arabic_or_hebrew_checks_proofs(browser: Any, tmp_path: Path, dossier: Any) -> None:
    one = Doubter(browser, viewport={"width": 390, "height": 800})
    one.opens(write_dossier(dossier, tmp_path))
    one.gives(bytes_of("two-authorities.json"))
    assert one.page.locator("#proof-result .outcome.good").count() == 1
    assert one.page.evaluate("document.documentElement.scrollWidth") <= 390
    one.context.close()


@pytest.mark.parametrize("language", ["en", "ar", "he"])
@pytest.mark.parametrize("width", [320, 390, 1280])
def test_the_page_stands_in_each_language_and_nothing_is_cut_off(
    browser: Any, checker: Path, language: str, width: int
) -> None:
    one = Doubter(browser, viewport={"width": width, "height": 800})
    one.at(checker, language)
    one.gives(bytes_of("two-authorities.json"))
    one.page.click("summary")
    ways = {"en": "ltr", "ar": "rtl", "he": "rtl"}
    assert one.page.evaluate("[document.documentElement.lang, document.documentElement.dir]") == [
        language,
        ways[language],
    ]
    assert one.page.evaluate("document.documentElement.scrollWidth") <= width
    assert one.complaints == []
    one.context.close()


def test_it_opens_in_the_readers_language_and_another_can_be_chosen(browser: Any, checker: Path) -> None:
    one = Doubter(browser, locale="he-IL")
    one.page.goto(checker.as_uri())
    assert one.page.title() == "בדיקת קובץ הוכחה"
    one.page.click("nav a[lang=ar]")
    one.page.wait_for_function("document.documentElement.lang === 'ar'")
    assert one.page.title() == "تحقّق من ملفّ إثبات"
    assert one.complaints == []
    one.context.close()


def test_it_works_by_keyboard_and_asks_no_network(browser: Any, checker: Path) -> None:
    one = Doubter(browser)
    page = one.page
    # asked for before the page opens, so that the key does not come first
    page.on("filechooser", lambda _: None)
    one.at(checker)
    page.focus("#pick-proof")
    assert page.evaluate("getComputedStyle(document.activeElement).outlineWidth") == "3px"
    with page.expect_file_chooser() as chooser:
        page.keyboard.press("Enter")
    chooser.value.set_files(SAMPLES / "rsa.json")
    page.wait_for_selector(".outcome.good")
    page.focus("#proof-result summary")
    page.keyboard.press("Enter")
    assert "bridge.txt" in one.reads(".contents pre")
    assert all(url.startswith("file:") for url in one.requests)
    assert one.complaints == []
    one.context.close()


def test_without_script_it_says_where_else_to_go(browser: Any, checker: Path) -> None:
    one = Doubter(browser, java_script_enabled=False)
    one.page.goto(checker.as_uri())
    assert one.reads("body").count("verify.py") == 3
    one.context.close()


def test_a_proof_and_its_original_can_be_dropped_together(doubter: Doubter) -> None:
    drop = """([proof, original]) => {
      const carried = new DataTransfer();
      carried.items.add(new File([original], "bridge.txt"));
      carried.items.add(new File([proof], "proof.json"));
      document.getElementById("proof-try").dispatchEvent(new DragEvent("drop", { dataTransfer: carried, cancelable: true }));
    }"""
    doubter.page.evaluate(drop, [bytes_of("rsa.json").decode(), ABOUT["original"]])
    doubter.page.wait_for_selector(".outcome.good")
    assert "The file bridge.txt is the one that the entry is about, byte for byte." in doubter.lines("good")


SCRIPT = Path(page_room.__file__).parent / "script"
CHECKING = ("proof_file", "token", "certificate", "revocation", "calendar", "algorithms", "der", "listing")


def test_every_step_and_every_reason_has_its_words() -> None:
    table = messages_in("en").table
    source = "".join((SCRIPT / f"{name}.js").read_text(encoding="utf-8") for name in (*CHECKING, "proof"))
    steps = set(re.findall(r'step\(steps, "([a-z.]+)"', source)) | {"key", "signature"}
    stated = set(re.findall(r'put\(steps, "([a-z.]+)", "(aside|unable)"', source))
    reasons = set(re.findall(r'Refused\("([a-z.]+)"\)', source))
    asked = {f"js.proof.{name}.{state}" for name in steps for state in ("good", "bad")}
    asked |= {f"js.proof.{name}.{state}" for name, state in stated} | {f"js.why.{why}" for why in reasons}
    assert len(steps) > 15 and len(reasons) > 15
    assert asked <= table.keys()


def test_the_page_knows_the_kinds_that_the_record_knows() -> None:
    """A body's class follows from its kind; a list in the script says which kinds are control."""
    source = (SCRIPT / "proof_file.js").read_text(encoding="utf-8")
    (listed,) = re.findall(r"const CONTROL = /\^\((.*)\)\$/", source)
    assert set(listed.split("|")) == set(CONTROL_KINDS)

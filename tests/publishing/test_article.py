from hypothesis import given
from hypothesis import strategies as st

from onrecord.publishing.article import read_article
from onrecord.publishing.page.content import Citation, Heading, Listing, Paragraph, Quote, Text

MAP = {"s1": "thing-1", "s2": "thing-2", "العاب": "thing-1"}


def test_citations_are_numbered_in_the_order_of_reading_and_one_thing_has_one_number() -> None:
    article = read_article("First.[[s2]] Then.[[s1]]\n\nAgain.[[العاب]] And [[ s2 ]].", MAP)
    assert article.cited == ("thing-2", "thing-1")
    numbers = [run.n for block in article.blocks for run in block.runs if isinstance(run, Citation)]  # type: ignore[union-attr]
    assert numbers == [1, 2, 2, 1]


def test_headings_lists_and_quotations_keep_their_shape() -> None:
    article = read_article(
        "# Top\n\n## A *wall*\n\n> It fell.\n>\n> Twice.\n\n- one[[s1]]\n- **two**\n\n1. first", MAP
    )
    top, wall, quote, points, steps = article.blocks
    assert isinstance(top, Heading) and top.level == 2
    assert isinstance(wall, Heading) and wall.runs == (Text("A "), Text("wall", emphasis=True))
    assert isinstance(quote, Quote) and len(quote.paragraphs) == 2
    assert isinstance(points, Listing) and points.items == (
        (Text("one"), Citation(1)),
        (Text("two", strong=True),),
    )
    assert isinstance(steps, Listing) and steps.ordered


def test_a_link_keeps_its_words_and_its_address_and_markup_stays_text() -> None:
    article = read_article("See [the order](https://example.org/o).\n\n<b>bold</b> & <script>", MAP)
    first, second = article.blocks
    assert isinstance(first, Paragraph) and isinstance(second, Paragraph)
    assert (
        "".join(run.text for run in first.runs if isinstance(run, Text))
        == "See the order (https://example.org/o)."
    )
    assert "".join(run.text for run in second.runs if isinstance(run, Text)) == "<b>bold</b> & <script>"


def test_a_table_and_code_keep_their_words() -> None:
    article = read_article("| a | b |\n|---|---|\n| one | two[[s1]] |\n\n```\ncode[[s2]]\n```", MAP)
    assert article.cited == ("thing-1", "thing-2")
    shown = str(article.blocks)
    assert all(word in shown for word in ("one", "two", "code"))


@given(st.text(alphabet="ab #*_>-`|[]()!\n\\1.<&", max_size=60))
def test_no_text_breaks_the_reading_and_no_letter_is_lost(text: str) -> None:
    article = read_article(text + " [[s1]]", MAP)
    assert article.cited[-1:] == ("thing-1",) or "`" in text

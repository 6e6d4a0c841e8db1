"""A small invented dossier for the page's tests: a road closed one morning, told by two sides in three scripts."""

from __future__ import annotations

from dataclasses import replace

from onrecord.publishing.page.content import (
    Citation,
    CitationView,
    DossierPage,
    Heading,
    Holder,
    LaterView,
    Listing,
    Original,
    Paragraph,
    PointView,
    Quote,
    SideView,
    SilenceView,
    StatementView,
    Text,
    ValueView,
    When,
    WindowsView,
    Words,
)

FINGERPRINT = "3f1c 90ab 77de 4e02 b8c1 5d6a 0f93 21e4"
ENTRIES = tuple(f"abcdefghijklmnop.1/{seq}" for seq in range(3, 15))


def arabic(text: str) -> Words:
    return Words(text, "ar", "rtl")


def hebrew(text: str) -> Words:
    return Words(text, "he", "rtl")


def english(text: str) -> Words:
    return Words(text, "en", "ltr")


SHEPHERD = CitationView(
    n=1,
    words=arabic("رأيتُ الجرّافة تغلق الطريق قبل صلاة الفجر، ولم يكن معنا أحد."),
    who="A shepherd of the upper terrace",
    before="كنتُ عند البئر مع ولديّ حين سمعنا صوت المحرّك. ",
    after=" ثمّ عدنا إلى البيت مشيًا.",
    translation=english(
        "I saw the digger close the road before the dawn prayer, and there was nobody with us."
    ),
    when=When("12 March 2021"),
    act="asserts",
    basis="saw",
    where="Interview of 12 March 2021, turn 9",
    attribution="described as",
    against=(2, 4),
    withheld=("Her name and voice", "The name of her hamlet"),
    entries=ENTRIES[:3],
)
COMPANY = CitationView(
    n=2,
    words=hebrew("הדרך נחסמה בשעה 06:30, לאחר תיאום עם המועצה."),
    who="The Orchard Company",
    capacity="in a letter to the monitors",
    translation=english("The road was blocked at 06:30, after coordination with the council."),
    when=When("21 March 2021", "ז׳ בניסן"),
    act="asserts",
    where="Letter of 21 March 2021, page 1, line 6",
    attribution="by office",
    against=(1,),
    entries=ENTRIES[3:5],
)
SURVEYOR = CitationView(
    n=3,
    words=english("The blocks stood across the road when I arrived at seven. I counted eleven."),
    who="Dana Orr",
    capacity="surveyor",
    when=When("9 March 2021"),
    act="asserts",
    basis="measured",
    hedge="as far as the bend",
    where="Field notes of 9 March 2021, page 2",
    attribution="named",
    entries=ENTRIES[5:7],
)
DENIAL = CitationView(
    n=4,
    words=hebrew("לא נחסמה שום דרך באותו בוקר."),
    who="A clerk of the Orchard Company",
    translation=english("No road was blocked that morning."),
    when=When("about mid-March 2021"),
    act="denies",
    basis="believes",
    where="Telephone note, lines 3 to 4",
    attribution="not given",
    attribution_note="No terms were agreed for the clerk’s name.",
    against=(1, 3),
    entries=ENTRIES[7:9],
)
LATER = CitationView(
    n=5,
    words=arabic("الذي رأيتُه كان بعد الفجر، ولستُ متأكّدة من الساعة. كان معنا [أحد الجيران]."),
    who="A shepherd of the upper terrace",
    translation=english("What I saw was after dawn; I am not sure of the hour. [A neighbour] was with us."),
    when=When("3 June 2021"),
    act="retracts",
    basis="saw",
    where="Interview of 3 June 2021, turn 4",
    attribution="described as",
    against=(1,),
    entries=ENTRIES[9:12],
)
SOURCES = (SHEPHERD, COMPANY, SURVEYOR, DENIAL, LATER)


def told(source: CitationView, *later: CitationView) -> StatementView:
    return StatementView(
        who=source.who,
        words=source.words,
        n=source.n,
        act=source.act,
        basis=source.basis,
        when=source.when,
        where=source.where,
        translation=source.translation,
        later=tuple(LaterView(one.who, one.words, one.n, one.when, one.translation) for one in later),
    )


TERRACE, ORCHARD = "أهل المصطبة العليا", "חברת הפרדס"
WINDOWS = WindowsView(
    title="The well road, 9 March 2021",
    when=When("9 March 2021, morning"),
    sides=(
        SideView(TERRACE, (told(SHEPHERD, LATER), told(LATER)), "ar", "rtl", not_shown=1),
        SideView(ORCHARD, (told(COMPANY), told(DENIAL)), "he", "rtl"),
    ),
    shared=(
        PointView(
            "done_by",
            (
                ValueView(
                    "the Orchard Company’s digger",
                    (Holder(TERRACE, SHEPHERD.who, 1), Holder(ORCHARD, COMPANY.who, 2)),
                    reports=4,
                    origins=2,
                ),
            ),
            "the closing of the road",
        ),
    ),
    disputed=(
        PointView(
            "time",
            (
                ValueView(
                    "before the dawn prayer", (Holder(TERRACE, SHEPHERD.who, 1),), reports=3, origins=1
                ),
                ValueView("after dawn", (Holder(TERRACE, LATER.who, 5),)),
                ValueView(
                    "06:30",
                    (Holder(ORCHARD, COMPANY.who, 2), Holder(None, SURVEYOR.who, 3)),
                    reports=2,
                    origins=2,
                ),
            ),
            "the closing of the road",
        ),
        PointView(
            "happened",
            (
                ValueView(
                    "the road was blocked",
                    (Holder(TERRACE, SHEPHERD.who, 1), Holder(ORCHARD, COMPANY.who, 2)),
                ),
                ValueView("the road was blocked", (Holder(ORCHARD, DENIAL.who, 4),), negated=True),
            ),
        ),
    ),
    only=(
        PointView("loss", (ValueView("two days without water", (Holder(TERRACE, LATER.who, 5),)),)),
        PointView("ordered_by", (ValueView("the council", (Holder(ORCHARD, COMPANY.who, 2),)),)),
    ),
    silent=(SilenceView(TERRACE, "refused", "ordered_by", note="Asked on 3 June 2021."),),
    elsewhere=(told(SURVEYOR),),
)

BLOCKS = (
    Heading((Text("The road"),)),
    Paragraph(
        (
            Text("On the morning of 9 March the road to the well was closed with concrete blocks."),
            Citation(3),
            Text(
                " A shepherd who was at the well with her sons says that she saw a digger do it before the dawn prayer,"
            ),
            Citation(1),
            Text(" and later that it was "),
            Text("after", emphasis=True),
            Text(" dawn."),
            Citation(5),
        )
    ),
    Paragraph(
        (
            Text("The company writes that the road was blocked at 06:30, and that the council knew."),
            Citation(2),
            Text(" One of its clerks says that no road was blocked at all."),
            Citation(4),
            Text(" "),
            Text("We have not seen the council’s side.", strong=True),
        )
    ),
    Quote(
        ((Text("The blocks stood across the road when I arrived at seven. I counted eleven."), Citation(3)),)
    ),
    Heading((Text("What we asked"),)),
    Listing(
        (
            (Text("The council, three times, for its order. It has not replied."),),
            (Text("The company, for the digger’s log. It sent its letter."), Citation(2)),
        )
    ),
    Paragraph((Text("بقيت العائلات يومين بلا ماء."), Citation(5)), "ar", "rtl"),
)

ENGLISH = DossierPage(
    title="Eleven blocks on the well road",
    language="en",
    direction="ltr",
    audience="public",
    built="2 July 2021",
    version=2,
    blocks=BLOCKS,
    citations=SOURCES,
    fingerprint=FINGERPRINT,
    files=5,
    entries=13,
    standfirst="One morning in March the road to a well was closed. Two sides tell it differently. This is what each says, and what it rests on.",
    publisher="Merrow Valley Monitors",
    windows=(WINDOWS,),
    originals=(
        Original("originals/1-field notes.txt", "Field notes of 9 March 2021"),
        Original("originals/2-مكتوب.txt", "Letter of 3 June 2021"),
    ),
    masks=1,
)

ARABIC = replace(
    ENGLISH,
    title="أحد عشر مكعّبًا على طريق البئر",
    language="ar",
    direction="rtl",
    built="2 تمّوز 2021",
    standfirst="في صباح من آذار أُغلق الطريق إلى البئر. يروي الطرفان ذلك الصباح روايتين مختلفتين. هنا ما يقوله كلّ منهما وما يستند إليه.",
    publisher="راصدو وادي مرو",
    blocks=(
        Heading((Text("الطريق"),)),
        Paragraph(
            (
                Text("في صباح التاسع من آذار أُغلق الطريق إلى البئر بمكعّبات من الإسمنت."),
                Citation(3),
                Text(" وتقول راعية كانت عند البئر مع ولديها إنّها رأت جرّافة تغلقه قبل صلاة الفجر،"),
                Citation(1),
                Text(" ثمّ قالت لاحقًا إنّ ذلك كان بعد الفجر."),
                Citation(5),
            )
        ),
        Paragraph((Text("وتكتب الشركة أنّ الطريق أُغلق في الساعة 06:30 وأنّ المجلس كان على علم."), Citation(2))),
    ),
    windows=(replace(WINDOWS, title="طريق البئر، 9 آذار 2021", when=When("صباح 9 آذار 2021")),),
)

HEBREW = replace(
    ENGLISH,
    title="אחת־עשרה קוביות על דרך הבאר",
    language="he",
    direction="rtl",
    built="2 ביולי 2021",
    standfirst="בוקר אחד במרץ נחסמה הדרך אל הבאר. שני הצדדים מספרים עליו אחרת. כאן מה שאומר כל צד, ועל מה הדברים נשענים.",
    publisher="משקיפי עמק מרו",
    blocks=(
        Heading((Text("הדרך"),)),
        Paragraph(
            (
                Text("בבוקר 9 במרץ נחסמה הדרך אל הבאר בקוביות בטון."),
                Citation(3),
                Text(" רועה שהייתה ליד הבאר עם בניה אומרת שראתה דחפור חוסם אותה לפני תפילת השחר."),
                Citation(1),
            )
        ),
    ),
    windows=(replace(WINDOWS, title="דרך הבאר, 9 במרץ 2021", when=When("בוקר 9 במרץ 2021")),),
)

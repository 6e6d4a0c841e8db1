"""Publication: a release for an audience. Its text is Markdown; `[[id]]` in it is a citation."""

from onrecord.record import fields as f
from onrecord.record.ideas.actor import AUDIENCES
from onrecord.record.ideas.kind import Kind, title_and_note

KIND = Kind(
    "publication",
    "A release for an audience.",
    {
        "title": f.required(f.text("its title, as printed")),
        "audience": f.required(f.one_of(AUDIENCES, "for whom")),
        "language": f.ours(f.text("language of its text, as a tag such as en, ar, he")),
        "publisher": f.ours(f.text("who publishes it, as printed")),
        "standfirst": f.ours(f.text("the lines under the title")),
        "contents": f.ours(f.refs("what it contains besides what its text cites")),
        "text": f.ours(f.text("Markdown whose [[id]] are citations")),
        "citations": f.ours(
            f.listed(
                {
                    "as_written": f.required(f.text("what stands between the brackets")),
                    "ref": f.required(f.ref("the thing")),
                },
                "what each citation stands for; found by put",
            )
        ),
    },
    words=title_and_note,
)

"""Item: bytes as received. Made by `add`; `put` may describe it, and never changes what was received."""

from onrecord.record import fields as f
from onrecord.record.ideas.kind import Kind, title_and_note

RECEIVED = ("sha256", "size", "media_type", "name", "name_bytes", "folder", "inside", "member", "unreadable")

_UNREADABLE = {
    "from": f.whole("the first byte"),
    "to": f.whole("the byte after the last"),
    "kept_as": f.text("what stands for them: zeros, or nothing where they were left out"),
    "why": f.text("what the card or disk said"),
}
_CLOCK = {
    "shown": f.required(f.time("what the device's clock showed")),
    "right": f.required(f.time("what the time was then")),
    "how": f.text("how that was checked"),
}

KIND = Kind(
    "item",
    "Bytes as received, or a rendition made from another item.",
    {
        "sha256": f.text("SHA-256 of the bytes, in hex"),
        "size": f.whole("number of bytes"),
        "media_type": f.text("media type, found from the bytes"),
        "name": f.text("file name as received"),
        "name_bytes": f.text("file name, percent-escaped, where it is not UTF-8"),
        "folder": f.text("folder inside what was handed over"),
        "inside": f.ref("what it lay in: an archive, a mail, or the inventory of a card", "item"),
        "member": f.text("its path in there, as written"),
        "unreadable": f.listed(_UNREADABLE, "bytes of it that its card did not give"),
        "title": f.text("what people call it"),
        "language": f.text("language of its words"),
        "received_from": f.ref_or_text("who handed it over", "actor"),
        "received_at": f.time("when it was received"),
        "captured_at": f.time("when it was made, as its maker or device says"),
        "clock": f.grouped(_CLOCK, "the check of the clock of the device it came from"),
        "place": f.ref("where it was received", "place"),
        "handled_by": f.ref_or_text("who took it in", "actor"),
        "derived_from": f.ref("the item this is a rendition of", "item"),
        "recipe": f.free_map("tool, version and parameters of a rendition"),
    },
    words=title_and_note,
    kept=frozenset(RECEIVED),
)

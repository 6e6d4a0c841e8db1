"""The sample record: an invented morning in an invented district, told by two communities and the offices around them.

`originals/` holds what was received, in English, Arabic and Hebrew; `accounts.jsonl` holds the lines for `put`,
in which `@name` stands for the id of the item that `add` made of the original with that name. The tests use the
same files. Nothing here may be a real person, place or accusation, and neither community may be treated better.
"""

"""Scripts and languages: one folding of Arabic, Hebrew and Latin that search, name finding and quoting all share.

Text given to this room is never changed; every place it hands back is a pair of code point offsets into that text.
"""

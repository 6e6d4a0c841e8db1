"""What a record answers when it is asked: items, things and their history, hits, windows. It writes nothing."""

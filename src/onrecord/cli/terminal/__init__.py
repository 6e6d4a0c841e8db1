"""How things look on a terminal. Words from originals are untrusted: they pass `clean` before they are shown."""

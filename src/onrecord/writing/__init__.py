"""Putting things and originals into a record: every line checked first, then all of it written, or none."""

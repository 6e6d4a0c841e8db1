"""Sheets into things: by a saved mapping, rows become lines for `put`, and every value keeps the cell it rests on."""

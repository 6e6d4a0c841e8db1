"""Benchmarks: one command each (`python -m benchmarks.append`), all of them with `make bench`.

Each prints a ratio against a named peer or the raw limit measured in the same run; absolute times differ between machines.
"""

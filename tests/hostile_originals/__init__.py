"""Originals made to harm: each goes the whole way through `add`, and costs itself at most."""

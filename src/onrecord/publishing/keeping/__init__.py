"""The keepers' own whole copy of a record, in forms that outlive this program: BagIt and RO-Crate.

Nothing is left out and nothing passes the gate: it is for keeping, not for giving out, and says so itself.
"""

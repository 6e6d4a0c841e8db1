"""The custody report of one item: what was done with it, printed so that a person can explain it in a witness box.

It reads and prints; it writes nothing into the record. What it prints passes the gate, as a dossier does.
"""

"""What checks a record, a dossier or a proof made with Onrecord: the standard library of Python 3.8 and nothing else.

`verify.py`, beside this folder, is the program. A good order to read in: grammar, canonical, ed25519, inclusion, notes
and entries, on which all else rests; then dossier; then record, with log, sayings, membership, branches, bodies,
witnesses and originals; then proof, with the folder times; then evidence and against.
"""

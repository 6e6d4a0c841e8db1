"""The one way out: the terms gate, the dossier it lets through, and the proofs that go with it."""

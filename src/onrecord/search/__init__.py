"""The index over folded text. It holds nothing that the record does not; what is sealed never enters it."""

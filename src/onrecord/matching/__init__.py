"""The same picture, clip or text across originals. Everything here is a proposal: a person confirms, and nothing is merged."""

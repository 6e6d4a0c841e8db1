"""Archives: their members, one after the other, never written to a disk by the reader."""

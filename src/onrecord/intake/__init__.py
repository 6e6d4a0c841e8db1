"""Reading originals: which kind of file it is, its text layer, and the parts of it. Nothing here is executed."""

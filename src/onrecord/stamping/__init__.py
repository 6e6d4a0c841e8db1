"""Outside time: what authorities that are not ours say of when the record stood as it stands."""

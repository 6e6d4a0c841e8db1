"""Fingerprints: by which pictures, clips and texts that are nearly the same are found."""

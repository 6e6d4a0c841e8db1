"""The published dossier as one page: readable from disk with no network and no script. Nothing here decides what may go."""

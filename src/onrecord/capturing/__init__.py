"""Fetching a page from the web, because a person asked for it and said yes, into a web archive that is then an original."""

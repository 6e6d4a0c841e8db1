"""Saved web pages, alone or with what belongs to them: HTML, MHTML, WARC and WACZ."""

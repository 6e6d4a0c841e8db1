"""Saved pages for the tests."""

from __future__ import annotations

ARTICLE = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>The  night
at the bridge</title><style>p { color: red }</style><script>var secret = "never shown";</script></head>
<body>
<nav><ul><li><a href="/">Front page</a></li><li><a href="/all">All reports</a></li></ul></nav>
<main><article>
<h1>The night at the bridge</h1>
<p>Two witnesses said that the <b>pa</b>trol came to the bridge shortly after midnight, and that it
   stayed there until the morning.<sup><a href="#n1">1</a></sup></p>
<p>The press office denied this the next day. &ldquo;Nobody was at the bridge&rdquo;, it wrote, &amp; gave no further
detail on where its vehicles had been during the hours that the witnesses named.</p>
<table><tr><th>Hour</th><th>Seen by</th></tr><tr><td>00:10</td><td>First witness</td></tr>
<tr><td>06:30</td><td></td></tr></table>
<p hidden>Not for readers</p>
<p>A third account, given some weeks later by a driver who had passed the bridge twice, agrees with the first two
on the hour and differs on the number of vehicles that stood there.</p>
<ol class="footnotes"><li id="n1">Interview at the first witness's home, with an interpreter.</li></ol>
</article></main>
<footer><p>Contact us | Subscribe</p></footer>
</body></html>
"""

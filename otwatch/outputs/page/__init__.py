"""The page: what a person looks at. One template, two carriers: one file that holds everything, and a server that reads a record.

    naming      anchors: one for each thing that can be pointed at          overview    site, health, what is at stake, what to do first
    grid        zones in rows by level        routes   lines between them    zonemap     both as coordinates, with words
    inventory   assets and what is known      findings findings in full      timeline    findings over time
    levels      security levels of zones      rendering the only door to jinja2
    carriers    the file, and what a server gives

Everything is written by the template; the script only adds what paper cannot do: search, sort, copy, refresh. Panels open by `:target`.
"""

"""`docs/decode.md`: every code that otwatch knows, written from the tables of the dissectors, and which captures exercise it.

    tables      the tables of codes in the code itself
    exercised   what real captures hold, kept in exercised.json
    page        both as one page
    inventoried docs/inventory.md, from what the shared captures hold and tests/reasons.py
    metrics     docs/metrics.md, from the table of metrics

`python -m tests.docs` writes the page anew; where captures are present it first looks into all of them.
"""

"""Security advisories, offline: CSAF files carried to the site on a stick, matched with the inventory.

    csaf        one CSAF 2.0 or 2.1 document -> statements about products
    store       a folder of documents -> one file; what was wrong with each
    versions    is a version in a range? yes, no, or not to be known
    matching    statements and assets -> affected, not affected, to review
    ageing      systems and protocols that nobody looks after any more

A text that is not understood is never guessed at: it is shown, and the answer is "to review". Of CISA's ranges (2024) 44 % are "all
versions", 27 % an operator and a number, 24 % free text.
"""

"""Zones and conduits: where every asset belongs, what is allowed between zones, and what was seen instead (domain/zones.md).

    policy/       what the site declares, as an object that answers questions            3-6
    matching/     asset -> zone                                                          7
    compare       link + policy -> verdict                                               9
    rows          zones and conduits as rows of the record

Told from the rows of a record:

    suggestion/   zones and conduits for a site that declares none                       8
    graphs/       assets, zones and dependencies as networkx graphs                      10
    analyses/     what follows: paths, relays, structure, hygiene, SL-A                  11.1-11.6, 12
    firewall/     least privilege out; rulesets in; what would break                     11.7

Each folder uses those above it.
"""

"""Zones and conduits: where every asset belongs, what is allowed between zones, and what was seen instead (domain/zones.md).

kinds      what a kind of zone gives by default        never      the rules that hold where the site says nothing
policy     the declared site, answering questions      matching   asset -> zone (tests of the rules in `conditions`)
compare    link + policy -> verdict                    check      errors and warnings of a site file
suggest    zones for a site that declares none (words of names in `naming`); drafting   a whole draft of a site file
hosts, windows, writers   what lists of hosts, windows and expected writers of the file mean
rows       zones and conduits as rows of the record    expected   what a site file lets one expect to hear

From the rows of a record:

graph      assets, zones, dependencies as networkx graphs, written by `forms`
analyses   what follows (11), from a `scene`: paths, relays, structure, hygiene
levels     SL-A from passive evidence (12)
permits    least privilege (11.7), and its filter of `functions`
whatif     what was seen, held against rules: a site file, or a `ruleset` read by `nftables` or `iptables`
"""

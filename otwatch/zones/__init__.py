"""Zones and conduits: where every asset belongs, what is allowed between zones, and what was seen instead (domain/zones.md).

kinds      what a kind of zone gives by default        never     the rules that hold where the site says nothing
policy     the declared site, answering questions      matching  asset -> zone (tests of the rules in `conditions`)
compare    link + policy -> verdict                    check     errors and warnings of a site file
graph      assets and zones as networkx graphs         suggest   zones for a site that declares none
hosts, windows, writers   what lists of hosts, windows and expected writers of the file mean
"""

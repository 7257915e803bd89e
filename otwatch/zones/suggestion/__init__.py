"""Zones and conduits for a site that declares none: a draft, never a policy (domain/zones.md 8).

suggest    cells of hosts and the kind each has           naming     what the words in names say
drafting   a whole draft of a site file, with conduits
"""

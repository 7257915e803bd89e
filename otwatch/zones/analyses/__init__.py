"""What follows from a record (domain/zones.md 11, 12): all of it by `conclude`, from rows arranged as a `scene`.

paths      from where somebody may stand to what care needs      relays   levels skipped, sessions carried on, transit
structure  what holds the network together, how far one reaches  hygiene  conduits that say more than is done
levels     SL-A from passive evidence
"""

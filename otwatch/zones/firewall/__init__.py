"""Between the policy and the rules of a firewall, both ways; otwatch never applies one (domain/zones.md 11.7).

permits    least privilege: what is declared and was seen          functions   the same for firewalls that read protocols
ruleset    what rules decide, read by `nftables` and `iptables`    whatif      what was seen, held against other rules
"""

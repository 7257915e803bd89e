"""Asset -> zone: the rule of highest rank wins (`matcher`); what a rule can ask (`conditions`) (domain/zones.md 7)."""

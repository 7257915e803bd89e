"""What was seen as networkx graphs (`graph`), and as files that other programs read (`forms`) (domain/zones.md 10)."""

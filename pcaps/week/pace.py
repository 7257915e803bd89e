"""How time passes in what is recorded: what belongs together follows at once, and between two rounds is a pause."""

PAUSE = 0.4
APART = 0.25
"""Seconds without a frame from which on something else begins."""
HOURS = 24
"""Rounds of a poll that is recorded: one for each hour of the day."""

"""Sample captures of our own making; see SOURCES.md."""

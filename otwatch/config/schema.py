"""The form of a site file as JSON Schema (draft-07, which editors know best), made of the readers themselves.

In an editor with yaml-language-server, the first line of a site file can be `# yaml-language-server: $schema=site.schema.json`.
"""

from typing import Any

from otwatch.config.keys import SITE


def site_schema() -> dict[str, Any]:
    """The schema. What only the whole file shows (references, order of times, overlaps) is left to `otwatch config check`."""
    return {"$schema": "http://json-schema.org/draft-07/schema#", "title": "otwatch site file", **SITE.schema}

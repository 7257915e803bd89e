"""A record, as tests of commands have it."""

from tests.cli.conftest import environment, record

__all__ = ["environment", "record"]

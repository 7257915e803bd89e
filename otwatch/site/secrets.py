"""Passwords that were sent or proven, held against those that are published (detections.md B, D), as far as the site wants it."""

from collections.abc import Mapping
from pathlib import Path

from otwatch.alerts.credentials import SHIPPED, Dictionary, Finding, Verdict, load, shipped
from otwatch.alerts.proofs import Proofs
from otwatch.config import Site
from otwatch.events import Credential, Proof
from otwatch.sightings import Sighting


class Secrets:
    """The lists of one site, read when the first password comes."""

    def __init__(self, site: Site | None) -> None:
        self._site = site
        self._dictionary: Dictionary | None = None
        self._proofs = Proofs()

    @property
    def are_compared(self) -> bool:
        """Whether one secret may be held against another."""
        return self._site is None or (self._site.credentials.check and self._site.credentials.store != "none")

    def judge(self, credential: Credential, hints: Mapping[str, str]) -> Verdict:
        """What a secret is that was sent. `hints`: what is known of the server."""
        if not self._is_wanted:
            return Verdict(Finding.NOT_IN_LIST)
        return self._known().judge(credential, hints, self._words())

    def proven(self, sighting: Sighting, ends: tuple[str, str], hints: Mapping[str, str]) -> Verdict | None:
        """What the secret is that a login proves; None where there was no time to find out, or nobody wants it."""
        login = sighting.event
        assert isinstance(login, Credential)
        if not isinstance(login.secret, Proof) or not self._is_wanted:
            return None
        who = (*ends, login.scheme, login.user, login.realm, sighting.outcome)
        return self._proofs.judge(who, login.secret, self._known().candidates(login, hints, self._words()), sighting.first_ns)

    def notes(self) -> dict[str, int]:
        """What there was no time for."""
        return self._proofs.notes()

    @property
    def _is_wanted(self) -> bool:
        return self._site is None or self._site.credentials.check

    def _words(self) -> tuple[str, ...]:
        return (self._site.site.name,) if self._site is not None else ()

    def _known(self) -> Dictionary:
        if self._dictionary is None:
            named = self._site.credentials.dictionary if self._site is not None else None
            self._dictionary = load(SHIPPED, Path(named)) if named else shipped()
        return self._dictionary

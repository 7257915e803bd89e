"""Small captures of one act each, for the detections that no recording at hand raises; see pcaps/SOURCES.md.

    frames     Ethernet to TCP, by hand         messages   what is said         act   what an act is
    logins, guesses, orders, works, values, zones, crossings, searches, surveys, network, ways, absence, cyclic, outcomes, deeds,
    flows, bursts, chains                       the acts, by what they are about
"""

from pcaps.acts.absence import ABSENCE
from pcaps.acts.act import Act
from pcaps.acts.bursts import BURSTS
from pcaps.acts.chains import CHAINED
from pcaps.acts.crossings import CROSSINGS
from pcaps.acts.cyclic import CYCLIC
from pcaps.acts.deeds import DEEDS
from pcaps.acts.flows import FLOWS
from pcaps.acts.guesses import GUESSES
from pcaps.acts.logins import LOGINS
from pcaps.acts.network import NETWORK
from pcaps.acts.orders import ORDERS
from pcaps.acts.outcomes import OUTCOMES
from pcaps.acts.searches import SEARCHES
from pcaps.acts.surveys import SURVEYS
from pcaps.acts.values import VALUES
from pcaps.acts.ways import WAYS
from pcaps.acts.works import WORKS
from pcaps.acts.zones import ZONES

ACTS: tuple[Act, ...] = (
    *LOGINS, *ORDERS, *VALUES, *ZONES, *SEARCHES, *NETWORK, *WAYS, *ABSENCE, *OUTCOMES, *DEEDS, *FLOWS, *BURSTS,
    *GUESSES, *WORKS, *CROSSINGS, *SURVEYS, *CYCLIC, *CHAINED
)  # fmt: skip

"""Small captures of one act each, for the detections that no recording at hand raises; see pcaps/SOURCES.md.

    frames     Ethernet to TCP, by hand         messages   what is said         act   what an act is
    logins, orders, values, zones, searches, network, ways, absence, outcomes, deeds, flows, bursts, chains
                                                the acts, by what they are about
"""

from pcaps.acts.absence import ABSENCE
from pcaps.acts.act import Act
from pcaps.acts.bursts import BURSTS
from pcaps.acts.chains import CHAINED
from pcaps.acts.deeds import DEEDS
from pcaps.acts.flows import FLOWS
from pcaps.acts.logins import LOGINS
from pcaps.acts.network import NETWORK
from pcaps.acts.orders import ORDERS
from pcaps.acts.outcomes import OUTCOMES
from pcaps.acts.searches import SEARCHES
from pcaps.acts.values import VALUES
from pcaps.acts.ways import WAYS
from pcaps.acts.zones import ZONES

ACTS: tuple[Act, ...] = (
    *LOGINS, *ORDERS, *VALUES, *ZONES, *SEARCHES, *NETWORK, *WAYS, *ABSENCE, *OUTCOMES, *DEEDS, *FLOWS, *BURSTS, *CHAINED
)  # fmt: skip

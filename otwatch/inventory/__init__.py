"""The inventory: what is on the network and who does what with whom, out of sightings and tallies.

    endpoints    an endpoint and a route -> a raw key                          what one sighting alone can name
    assets       what was seen under each raw key                              bounded
    facts        what is said about it, with sources; contradictions kept
    macs         which MAC sends for which addresses; which are routers'
    identity     raw keys -> the asset they mean                               units, MACs, BACnet instances
    links        who asks whom for what; LinkSeen
    habits       who usually reads and writes whom
    points       what was written, and who holds which BACnet priority
    reads        who reads which point, how often
    labels       what devices call their own points
    protocols    how much was seen and understood
    roles        what an asset is for, and why
    knowledge    all that is known of one asset, put together
    vendors      MAC blocks and CIP numbers -> names
    rows         all of it as what the record keeps
    holders      who holds an address: network cards over time
    joining      which assets are one thing, by the strongest keys
    faces        one asset, all its faces: united when everything was seen

Changes, `Ends`, links and habits carry raw keys: they never depend on what came before. `Inventory.resolve` leads a raw key to its
asset, as far as is known then; what is shown in the end is resolved in the end.
"""

from otwatch.inventory.endpoints import Ends, internal
from otwatch.inventory.inventory import Inventory
from otwatch.inventory.knowledge import Declared, Known
from otwatch.inventory.roles import Role

__all__ = ["Declared", "Ends", "Inventory", "Known", "Role", "internal"]

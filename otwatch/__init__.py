"""otwatch: a passive monitor of the technical networks of hospitals. This file is the map.

    wire half                                     waist             site half
    capture/  Frames      (columns)
       v
    decode/   Packets     (columns)
       v      conversations, streams, statements
    dissectors/  Event    (pure, remembered)
       v
    wire/     --------->  Sighting, Tally  --->   inventory/  zones/   --> Change ("what is new")
                                                      v
                                                  alerts/  --> Alert       (site/)
                                                      v
                                                  record/ (SQLite)   -->  outputs/  -->  web/
                                                                              ^
                              what people say: declared/, advisories/   ------+

Nothing flows back. `events`, `packets`, `sightings` and `changes` are the words that cross the borders,
`errors` what can go wrong, `config` what the operator says, `cli` what he types, `pipeline` the whole chain.
"""

__version__ = "0.1.0"

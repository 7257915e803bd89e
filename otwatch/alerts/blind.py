"""What keeps a sensor from seeing (changes.Blindness), as people are told."""

from otwatch.changes import Blindness
from otwatch.results import Texts

BLIND: dict[str, Texts] = {
    Blindness.DROPS: {"en": "The sensor is too slow: packets are dropped", "fr": "La sonde est trop lente : des paquets sont abandonnés"},
    Blindness.QUEUE: {"en": "The sensor is about to drop packets", "fr": "La sonde est sur le point d'abandonner des paquets"},
    Blindness.GAPS: {"en": "Part of the traffic does not reach the sensor", "fr": "Une partie du trafic n'arrive pas à la sonde"},
    Blindness.SILENT: {"en": "Nothing is heard any more", "fr": "Plus rien n'est entendu"},
    Blindness.ONE_WAY: {"en": "One direction is missing", "fr": "Un sens de communication manque"},
    Blindness.VLAN: {"en": "A network is not heard any more", "fr": "Un réseau n'est plus entendu"},
    Blindness.MACS: {"en": "Other machines than before are heard", "fr": "D'autres machines qu'auparavant sont entendues"},
    Blindness.CLOCK: {"en": "The sensor's clock was set back", "fr": "L'horloge de la sonde a été reculée"},
    Blindness.RECORD: {"en": "What is heard cannot be written", "fr": "Ce qui est entendu ne peut pas être enregistré"},
}

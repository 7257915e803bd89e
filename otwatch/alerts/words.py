"""Words for people that grow with the protocols: what they are called, and what their points are; and the terms of a severity."""

from otwatch.results import Texts

SPOKEN: dict[str, Texts] = {
    "modbus": {"en": "Modbus", "fr": "Modbus"},
    "bacnet": {"en": "BACnet", "fr": "BACnet"},
    "enip": {"en": "EtherNet/IP", "fr": "EtherNet/IP"},
    "cip": {"en": "CIP", "fr": "CIP"},
    "cip-io": {"en": "EtherNet/IP I/O", "fr": "E/S EtherNet/IP"},
    "snmp": {"en": "SNMP", "fr": "SNMP"},
    "modbus-rtu": {"en": "Modbus RTU", "fr": "Modbus RTU"},
    "xway": {"en": "X-Way (experimental)", "fr": "X-Way (expérimental)"},
    "http": {"en": "HTTP", "fr": "HTTP"},
    "ftp": {"en": "FTP", "fr": "FTP"},
    "arp": {"en": "ARP", "fr": "ARP"},
    "s7": {"en": "S7comm", "fr": "S7comm"},
    "s7-plus": {"en": "S7comm-plus", "fr": "S7comm-plus"},
    "opcua": {"en": "OPC UA", "fr": "OPC UA"},
    "knx": {"en": "KNXnet/IP", "fr": "KNXnet/IP"},
    "profinet": {"en": "PROFINET", "fr": "PROFINET"},
    "fox": {"en": "Niagara Fox", "fr": "Niagara Fox"},
    "iec104": {"en": "IEC 104", "fr": "CEI 104"},
    "mms": {"en": "MMS (IEC 61850)", "fr": "MMS (CEI 61850)"},
    "hl7": {"en": "HL7", "fr": "HL7"},
}
"""Protocols as people call them, by the name of the dissector."""

KINDS: dict[str, Texts] = {
    "coil": {"en": "coil", "fr": "bobine"},
    "discrete-input": {"en": "discrete input", "fr": "entrée TOR"},
    "holding-register": {"en": "register", "fr": "registre"},
    "input-register": {"en": "input register", "fr": "registre d'entrée"},
    "file-record": {"en": "file record", "fr": "enregistrement de fichier"},
    "cip": {"en": "object", "fr": "objet"},
    "tag": {"en": "tag", "fr": "variable"},
    "s7": {"en": "address", "fr": "adresse"},
    "node": {"en": "node", "fr": "nœud"},
    "method": {"en": "method", "fr": "méthode"},
    "group": {"en": "group", "fr": "groupe"},
    "property": {"en": "property", "fr": "propriété"},
    "ioa": {"en": "object", "fr": "objet"},
    "mms": {"en": "variable", "fr": "variable"},
    "dcp": {"en": "setting", "fr": "réglage"},
    "settings": {"en": "the settings", "fr": "les réglages"},
}
"""Kinds of points that have a plain word; BACnet objects are known by their own."""

SINCE: dict[str, Texts] = {
    "new": {
        "en": "it was never seen while the site was learnt.",
        "fr": "cela n'avait jamais été vu pendant l'apprentissage.",
    },
    "returned": {"en": "it had not been seen for 90 days.", "fr": "cela n'avait pas été vu depuis 90 jours."},
    "usual": {"en": "the value is far from the usual ones.", "fr": "la valeur est loin des valeurs habituelles."},
}
"""What the baseline says of something that is told (alerts/usual.py)."""

CLOCK: dict[str, Texts] = {
    "new_server": {
        "en": "it is none of the known sources of time",
        "fr": "ce n'est pas une source de temps connue",
    },
    "unsound": {"en": "it gives no time that holds", "fr": "l'heure qu'il donne ne vaut rien"},
}
CONTROL: dict[str, Texts] = {
    "stp_root": {"en": "the spanning tree has another root than before", "fr": "le spanning tree a changé de racine"},
    "dhcp": {"en": "it gives out addresses, which it never did before", "fr": "il distribue des adresses, ce qu'il n'avait jamais fait"},
    "dns": {"en": "it answers for names, and the site file does not name it", "fr": "il résout des noms sans être déclaré pour cela"},
}
"""Who took over what the network rests on."""

TRACE: dict[str, Texts] = {
    "base": {"en": "this kind of finding", "fr": "ce type de constat"},
    "refused": {"en": "it was refused", "fr": "refusé par l'équipement"},
    "target": {"en": "criticality of the equipment for care", "fr": "criticité de l'équipement pour le soin"},
    "source": {"en": "it comes from a network that is not technical", "fr": "vient d'un réseau non technique"},
    "unsure": {"en": "roles, zone or habit are not certain", "fr": "rôles, zone ou habitude incertains"},
    "window": {"en": "engineering within its hours", "fr": "ingénierie pendant ses horaires"},
    "floor": {"en": "never less for such an act", "fr": "jamais moins pour un tel acte"},
    "statement": {"en": "rule of this kind of finding", "fr": "règle de ce type de constat"},
    "learning": {"en": "the inventory is still being learnt", "fr": "inventaire en apprentissage"},
    "experimental": {"en": "how this protocol is read is not certain", "fr": "la lecture de ce protocole n'est pas certaine"},
    "expected": {"en": "declared works or scanner", "fr": "travaux ou scanner déclarés"},
    "also": {"en": "another finding of the same act is more serious", "fr": "un autre constat du même acte est plus grave"},
}
"""Words for the terms of a severity trace, by what stands before ":" or the blank."""

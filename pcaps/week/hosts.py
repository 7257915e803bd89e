"""The hosts of the week: those of the sample hospital that are always there, and what a week needs besides. All fictional."""

from pcaps.hospital.hosts import Host

HOT_WATER = Host("api-ecs", "10.23.1.20", "00:80:f4:23:01:20", "hot water PLC, Modbus server")
GASES = Host("api-gaz", "10.23.2.10", "00:80:f4:23:02:10", "medical gases, Modbus server")
GENERATOR = Host("groupe", "10.21.4.5", "00:80:f4:21:04:05", "generator controller, Modbus server")
LIFT_PUMPS = Host("api-relev", "10.23.1.9", "00:1c:06:23:01:09", "PLC of the lifting pumps, S7 server")
SERVICES = Host("services", "10.20.4.5", "ec:46:70:5a:04:05", "names of the technical network")
BACKUP = Host("sauvegarde", "10.20.4.20", "ec:46:70:5a:04:20", "backups of the technical network")
DESK_ROUTER = Host("routeur", "10.20.2.254", "00:1b:1b:20:02:fe", "router of the desks, gives them their addresses")

NEW_CARD = "00:05:19:66:01:16"
"""Of the air handler of theatre 4 after it was replaced."""

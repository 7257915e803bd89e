"""What the three dashboards show (configs/grafana): overview, zones and conduits, sensor health."""

import json

from otwatch.outputs.wording import LANGUAGES
from tests.conftest import ROOT
from tests.docs.grafana import (
    GRADES,
    GREEN,
    KINDS,
    ORANGE,
    RED,
    SEVERITIES,
    VERDICTS,
    YELLOW,
    Dashboard,
    Panel,
    Texts,
    drawn,
    words_of,
)

FOLDER = ROOT / "configs" / "grafana"
SEVERITY, VERDICT = words_of("severity", SEVERITIES), words_of("verdict", VERDICTS)
KIND: dict[str, Texts] = dict(zip(KINDS, (("read", "lu"), ("encrypted", "chiffré"), ("not read", "non lu")), strict=True))
GRADE: tuple[Texts, ...] = (("good", "bon"), ("good to know", "à savoir"), ("doubtful", "douteux"), ("bad", "mauvais"))
GRADED = tuple((value, text, colour) for (value, colour), text in zip(GRADES, GRADE, strict=True))
FORBIDDEN = 'otwatch_conduit_bytes{$picked,verdict=~"forbidden|violation"}'
NEW = (
    'sum by (client_zone, server_zone, verdict) (otwatch_links{$picked,verdict!~"intra|allowed"})'
    ' unless sum by (client_zone, server_zone, verdict) (otwatch_links{$picked,verdict!~"intra|allowed"} offset 1d)'
)
LOST_1H = "rate(otwatch_capture_dropped_packets_total{$picked}[1h])"
STRAY = 'verdict=~"undeclared|forbidden|violation"'

LISTENS = Panel(
    ("Sensor", "Sonde"),
    (
        "Whether a sensor keeps the record now. A record of a replay has none.",
        "Une sonde tient-elle l'enregistrement en ce moment ? Celui d'un rejeu n'en a pas.",
    ),
    "stat",
    (("min(otwatch_sensor_up{$picked})", ""),),
    "none",
    4,
    4,
    words=((0, ("nobody listens", "personne n'écoute"), RED), (1, ("listening", "à l'écoute"), GREEN)),
)
SILENT = Panel(
    ("Last packet", "Dernier paquet"),
    (
        "How long ago the last packet was heard. Minutes without one: cable or mirror session stand still.",
        "Temps écoulé depuis le dernier paquet entendu. Des minutes sans rien : câble ou session miroir à l'arrêt.",
    ),
    "stat",
    (("time() - max(otwatch_last_packet_timestamp_seconds{$picked})", ""),),
    "s",
    4,
    4,
    limits=((120, ORANGE), (600, RED)),
)
MIRROR = Panel(
    ("Mirror port", "Port miroir"),
    (
        "The worst check of `otwatch doctor`. What a bad mirror does not show proves nothing.",
        "Le pire contrôle d'`otwatch doctor`. Ce qu'un mauvais miroir ne montre pas ne prouve rien.",
    ),
    "stat",
    (("max(otwatch_mirror_check{$picked})", ""),),
    "none",
    4,
    4,
    words=GRADED,
)
SERIOUS = Panel(
    ("Critical and high findings", "Constats critiques et élevés"),
    (
        "In the record now. `otwatch alerts --severity high` lists them.",
        "Dans l'enregistrement en ce moment. `otwatch alerts --severity high` les énumère.",
    ),
    "stat",
    (('sum(otwatch_alerts{$picked,severity=~"critical|high",status="new"}) or vector(0)', ""),),
    "none",
    4,
    4,
    limits=((1, RED),),
)
ASSETS = Panel(
    ("Assets", "Équipements"),
    (
        "Everything on the network that is known, behind gateways too.",
        "Tout ce qui est connu sur le réseau, y compris derrière les passerelles.",
    ),
    "stat",
    (("sum(otwatch_assets{$picked})", ""),),
    "none",
    4,
    4,
)
STRAYING = Panel(
    ("Undeclared relations", "Relations non déclarées"),
    (
        "Pairs of assets that talk across zones without a conduit that allows it.",
        "Couples d'équipements qui se parlent d'une zone à l'autre sans conduit qui le permette.",
    ),
    "stat",
    ((f"sum(otwatch_links{{$picked,{STRAY}}}) or vector(0)", ""),),
    "none",
    4,
    4,
    limits=((1, YELLOW),),
)

OVERVIEW = Dashboard(
    "otwatch-overview",
    ("otwatch: overview", "otwatch : vue d'ensemble"),
    ("What goes on in the technical network, and whether it is heard.", "Ce qui se passe sur le réseau technique, et s'il est entendu."),
    (
        (("Now", "Maintenant"), (LISTENS, SILENT, MIRROR, SERIOUS, ASSETS, STRAYING)),
        (
            ("Findings", "Constats"),
            (
                Panel(
                    ("Findings by severity", "Constats par gravité"),
                    ("A step up is a new finding.", "Une marche est un nouveau constat."),
                    "timeseries",
                    (('sum by (severity) (otwatch_alerts{$picked,status="new"})', "{{severity}}"),),
                    "none",
                    12,
                    names=SEVERITY,
                    stacked=True,
                ),
                Panel(
                    ("Findings by detection", "Constats par détection"),
                    ("docs/detections.md says what each one means.", "docs/detections.md dit ce que chacune signifie."),
                    "table",
                    (("sum by (detection, severity, status) (otwatch_alerts{$picked})", ""),),
                    "none",
                    12,
                    names=SEVERITY,
                    columns=(
                        ("detection", ("Detection", "Détection")),
                        ("severity", ("Severity", "Gravité")),
                        ("status", ("Status", "État")),
                        ("value", ("Findings", "Constats")),
                    ),
                ),
            ),
        ),
        (
            ("Traffic", "Trafic"),
            (
                Panel(
                    ("Packets by protocol", "Paquets par protocole"),
                    ('"none": no port names a protocol.', "« none » : aucun port ne désigne de protocole."),
                    "timeseries",
                    (("sum by (protocol) (rate(otwatch_protocol_packets_total{$picked}[$__rate_interval]))", "{{protocol}}"),),
                    "pps",
                    12,
                    stacked=True,
                ),
                Panel(
                    ("What is understood", "Ce qui est compris"),
                    (
                        "Frames of protocols that otwatch reads, that are encrypted, and others.",
                        "Trames des protocoles qu'otwatch lit, chiffrées, et autres.",
                    ),
                    "timeseries",
                    (("sum by (kind) (rate(otwatch_coverage_frames_total{$picked}[$__rate_interval]))", "{{kind}}"),),
                    "pps",
                    12,
                    names=KIND,
                    stacked=True,
                ),
                Panel(
                    ("Operations", "Opérations"),
                    (
                        "Requests by what they do: a plant that is only read shows READ and DISCOVER.",
                        "Demandes selon ce qu'elles font : une installation seulement lue montre READ et DISCOVER.",
                    ),
                    "timeseries",
                    (("sum by (verb) (clamp_min(delta(otwatch_operations{$picked}[5m]), 0)) / 300", "{{verb}}"),),
                    "reqps",
                    12,
                ),
                Panel(
                    ("Writes by verdict", "Écritures par verdict"),
                    (
                        "Requests that change something, in five minutes, by whether the zones allow it.",
                        "Demandes qui changent quelque chose, sur cinq minutes, selon que les zones le permettent.",
                    ),
                    "timeseries",
                    (("sum by (verdict) (clamp_min(delta(otwatch_writes{$picked}[5m]), 0))", "{{verdict}}"),),
                    "none",
                    12,
                    names=VERDICT,
                ),
            ),
        ),
        (
            ("Inventory", "Inventaire"),
            (
                Panel(
                    ("Assets by zone", "Équipements par zone"),
                    (
                        '"none": in no zone; it may be one that is missing in the site file.',
                        "« none » : dans aucune zone ; il en manque peut-être une dans le fichier de site.",
                    ),
                    "bargauge",
                    (("sort_desc(sum by (zone) (otwatch_assets{$picked}))", "{{zone}}"),),
                    "none",
                    12,
                    9,
                ),
                Panel(
                    ("Assets over time", "Équipements au fil du temps"),
                    ("A step up is a device that was never heard before.", "Une marche est un équipement jamais entendu auparavant."),
                    "timeseries",
                    (("sum by (kind) (otwatch_assets{$picked})", "{{kind}}"),),
                    "none",
                    12,
                    9,
                    stacked=True,
                ),
            ),
        ),
    ),
)

ENDS: tuple[tuple[str, Texts], ...] = (("client_zone", ("From", "De")), ("server_zone", ("To", "Vers")))
ZONES = Dashboard(
    "otwatch-zones",
    ("otwatch: zones and conduits", "otwatch : zones et conduits"),
    ("Who talks to whom, and whether it was declared.", "Qui parle à qui, et si c'était déclaré."),
    (
        (
            ("Now", "Maintenant"),
            (
                Panel(
                    ("Zones", "Zones"),
                    ("Zones with assets in them.", "Zones où se trouvent des équipements."),
                    "stat",
                    (("count(count by (zone) (otwatch_assets{$picked}))", ""),),
                    "none",
                    6,
                    4,
                ),
                Panel(
                    ("Pairs of zones that talk", "Couples de zones qui se parlent"),
                    ("Over a conduit or not.", "Par un conduit ou non."),
                    "stat",
                    (('count(count by (client_zone, server_zone) (otwatch_links{$picked,verdict!="intra"}))', ""),),
                    "none",
                    6,
                    4,
                ),
                STRAYING._replace(width=6),
                Panel(
                    ("Forbidden now", "Interdit en ce moment"),
                    ("Bytes a second that the zones forbid.", "Octets par seconde que les zones interdisent."),
                    "stat",
                    (
                        (
                            f"sum(clamp_min(delta({FORBIDDEN}[5m]), 0)) / 300 or vector(0)",
                            "",
                        ),
                    ),
                    "Bps",
                    6,
                    4,
                    limits=((0.001, RED),),
                ),
            ),
        ),
        (
            ("Conduits", "Conduits"),
            (
                Panel(
                    ("Between zones", "Entre zones"),
                    (
                        "Pairs of assets that talk, by their zones, the zone of who began first.",
                        "Couples d'équipements qui se parlent, par zones, celle de l'initiateur d'abord.",
                    ),
                    "table",
                    (('sum by (client_zone, server_zone, verdict) (otwatch_links{$picked,verdict!="intra"})', ""),),
                    "none",
                    12,
                    10,
                    names=VERDICT,
                    columns=(*ENDS, ("verdict", ("Verdict", "Verdict")), ("value", ("Relations", "Relations"))),
                ),
                Panel(
                    ("New in the last day, and not allowed", "Nouveau depuis un jour, et non permis"),
                    (
                        "Pairs of zones between which nothing passed a day ago. Everything is new on the first day.",
                        "Couples de zones entre lesquels rien ne passait il y a un jour. Le premier jour, tout est nouveau.",
                    ),
                    "table",
                    (
                        (
                            NEW,
                            "",
                        ),
                    ),
                    "none",
                    12,
                    10,
                    names=VERDICT,
                    columns=(*ENDS, ("verdict", ("Verdict", "Verdict")), ("value", ("Relations", "Relations"))),
                ),
            ),
        ),
        (
            ("Traffic", "Trafic"),
            (
                Panel(
                    ("By verdict", "Par verdict"),
                    ("Bytes a second, between zones and inside them.", "Octets par seconde, entre zones et en leur sein."),
                    "timeseries",
                    (("sum by (verdict) (clamp_min(delta(otwatch_conduit_bytes{$picked}[5m]), 0)) / 300", "{{verdict}}"),),
                    "Bps",
                    12,
                    names=VERDICT,
                    stacked=True,
                ),
                Panel(
                    ("Not declared, forbidden, beyond its conduit", "Non déclaré, interdit, au-delà du conduit"),
                    (
                        "Bytes a second of each pair of zones. `otwatch conversations --zone ZONE` says who it is.",
                        "Octets par seconde de chaque couple de zones. `otwatch conversations --zone ZONE` dit qui.",
                    ),
                    "timeseries",
                    (
                        (
                            f"sum by (client_zone, server_zone) (clamp_min(delta(otwatch_conduit_bytes{{$picked,{STRAY}}}[5m]), 0)) / 300",
                            "{{client_zone}} → {{server_zone}}",
                        ),
                    ),
                    "Bps",
                    12,
                ),
                Panel(
                    ("Writes", "Écritures"),
                    (
                        "Requests that change something, by protocol and verdict, of all that is in the record.",
                        "Demandes qui changent quelque chose, par protocole et verdict, de tout ce que contient l'enregistrement.",
                    ),
                    "table",
                    (("sum by (protocol, verdict) (otwatch_writes{$picked})", ""),),
                    "none",
                    12,
                    8,
                    names=VERDICT,
                    columns=(
                        ("protocol", ("Protocol", "Protocole")),
                        ("verdict", ("Verdict", "Verdict")),
                        ("value", ("Writes", "Écritures")),
                    ),
                ),
                Panel(
                    ("Assets by zone and kind", "Équipements par zone et nature"),
                    ("An asset behind a gateway has a kind of its own.", "Un équipement derrière une passerelle a une nature propre."),
                    "table",
                    (("sum by (zone, kind) (otwatch_assets{$picked})", ""),),
                    "none",
                    12,
                    8,
                    columns=(("zone", ("Zone", "Zone")), ("kind", ("Kind", "Nature")), ("value", ("Assets", "Équipements"))),
                ),
            ),
        ),
    ),
)

DROPPED = "rate(otwatch_capture_dropped_packets_total{$picked}[$__rate_interval])"
RECEIVED = "rate(otwatch_capture_received_packets_total{$picked}[$__rate_interval])"
SENSOR = Dashboard(
    "otwatch-sensor",
    ("otwatch: sensor health", "otwatch : santé de la sonde"),
    (
        "Whether the sensor hears all there is, says nothing, and has room.",
        "La sonde entend-elle tout, se tait-elle, a-t-elle de la place ?",
    ),
    (
        (
            ("Now", "Maintenant"),
            (
                LISTENS,
                SILENT,
                MIRROR,
                Panel(
                    ("Packets it sent", "Paquets émis"),
                    (
                        "By its listening interfaces since they exist. It must be 0.",
                        "Par ses interfaces d'écoute depuis qu'elles existent. Ce doit être 0.",
                    ),
                    "stat",
                    (("sum(otwatch_interface_transmitted_packets_total{$picked})", ""),),
                    "none",
                    4,
                    4,
                    limits=((1, RED),),
                ),
                Panel(
                    ("Dropped", "Perdus"),
                    (
                        "Share of the packets that the kernel dropped in the last hour.",
                        "Part des paquets que le noyau a perdus depuis une heure.",
                    ),
                    "stat",
                    (
                        (
                            f"max({LOST_1H} / (rate(otwatch_capture_received_packets_total{{$picked}}[1h]) > 0)) or vector(0)",
                            "",
                        ),
                    ),
                    "percentunit",
                    4,
                    4,
                    limits=((0.0001, ORANGE), (0.001, RED)),
                ),
                Panel(
                    ("Version", "Version"),
                    ("Of otwatch, on how many sensors.", "D'otwatch, sur combien de sondes."),
                    "table",
                    (("count by (version) (otwatch_build_info{$picked})", ""),),
                    "none",
                    4,
                    4,
                    columns=(("version", ("Version", "Version")), ("value", ("Sensors", "Sondes"))),
                ),
            ),
        ),
        (
            ("Capture", "Capture"),
            (
                Panel(
                    ("Received and dropped", "Reçus et perdus"),
                    ("Packets a second at each interface.", "Paquets par seconde à chaque interface."),
                    "timeseries",
                    ((RECEIVED, "{{interface}}"), (DROPPED, "{{interface}} ✗")),
                    "pps",
                    12,
                ),
                Panel(
                    ("Checks of the mirror", "Contrôles du miroir"),
                    (
                        "`otwatch doctor` says what each means, and what to do.",
                        "`otwatch doctor` dit ce que chacun signifie, et que faire.",
                    ),
                    "state-timeline",
                    (("max by (check) (otwatch_mirror_check{$picked})", "{{check}}"),),
                    "none",
                    12,
                    words=GRADED,
                ),
                Panel(
                    ("Not decoded", "Non décodé"),
                    (
                        "Frames that break off or are wrong below the transport layer, and messages that break their protocol.",
                        "Trames interrompues ou fausses sous la couche transport, et messages contraires à leur protocole.",
                    ),
                    "timeseries",
                    (
                        ("sum by (reason) (rate(otwatch_undecodable_frames_total{$picked}[$__rate_interval]))", "{{reason}}"),
                        ("sum by (protocol) (rate(otwatch_malformed_messages_total{$picked}[$__rate_interval]))", "{{protocol}}"),
                    ),
                    "cps",
                    12,
                ),
                Panel(
                    ("Never captured", "Jamais capturé"),
                    (
                        "Bytes of TCP conversations that were sent and are missing in the mirror.",
                        "Octets de conversations TCP émis et absents du miroir.",
                    ),
                    "timeseries",
                    (("sum by (protocol) (rate(otwatch_lost_bytes_total{$picked}[$__rate_interval]))", "{{protocol}}"),),
                    "Bps",
                    12,
                ),
            ),
        ),
        (
            ("Memory and disk", "Mémoire et disque"),
            (
                Panel(
                    ("How full its tables are", "Remplissage des tables"),
                    ("A full table forgets what was silent longest.", "Une table pleine oublie ce qui s'est tu le plus longtemps."),
                    "bargauge",
                    (("max by (table) (otwatch_table_entries{$picked} / otwatch_table_limit{$picked})", "{{table}}"),),
                    "percentunit",
                    8,
                    limits=((0.7, ORANGE), (0.95, RED)),
                ),
                Panel(
                    ("Forgotten", "Oublié"),
                    (
                        "Entries that full tables had to forget, in an hour: a scan, a flood, or too much in the mirror.",
                        "Entrées que des tables pleines ont dû oublier, par heure : balayage, inondation, ou miroir trop large.",
                    ),
                    "timeseries",
                    (("sum by (table) (increase(otwatch_table_evictions_total{$picked}[1h]))", "{{table}}"),),
                    "none",
                    8,
                ),
                Panel(
                    ("What else it tells", "Ce qu'elle dit d'autre"),
                    ("Counters of the monitor itself, in an hour.", "Compteurs du moniteur lui-même, par heure."),
                    "timeseries",
                    (("sum by (what) (increase(otwatch_notes_total{$picked}[1h]))", "{{what}}"),),
                    "none",
                    8,
                ),
                Panel(
                    ("Size of the record", "Taille de l'enregistrement"),
                    ("record_mib of configs/otwatch.yaml bounds it.", "record_mib de configs/otwatch.yaml la borne."),
                    "timeseries",
                    (("otwatch_record_bytes{$picked}", "{{instance}}"),),
                    "bytes",
                    8,
                ),
                Panel(
                    ("Writing takes", "Durée d'écriture"),
                    (
                        "The last write of the record, made by a copy: capture does not wait for it.",
                        "Dernière écriture de l'enregistrement, faite par une copie : la capture ne l'attend pas.",
                    ),
                    "timeseries",
                    (("otwatch_record_write_seconds{$picked}", "{{instance}}"),),
                    "s",
                    8,
                ),
                Panel(
                    ("Writes that failed", "Écritures en échec"),
                    (
                        "A full disk or a locked file; what was heard is kept in memory meanwhile.",
                        "Disque plein ou fichier verrouillé ; ce qui est entendu reste en mémoire en attendant.",
                    ),
                    "timeseries",
                    (("increase(otwatch_record_write_failures_total{$picked}[1h])", "{{instance}}"),),
                    "none",
                    8,
                ),
            ),
        ),
    ),
)
BOARDS = (OVERVIEW, ZONES, SENSOR)


def pages() -> dict[str, str]:
    """Paths below FOLDER, and what stands there."""
    return {
        f"{language}/{board.id.removeprefix('otwatch-')}.json": f"{json.dumps(drawn(board, language), indent=2, ensure_ascii=False)}\n"
        for language in LANGUAGES
        for board in BOARDS
    }

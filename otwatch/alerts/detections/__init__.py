"""Every detection of otwatch, declared in full. The tuple below is the registry: what is not in it does not exist."""

from otwatch.alerts.detections.absent import ABSENT
from otwatch.alerts.detections.accounts import ACCOUNTS
from otwatch.alerts.detections.addresses import ADDRESSES
from otwatch.alerts.detections.backbone import BACKBONE
from otwatch.alerts.detections.bridges import BRIDGES
from otwatch.alerts.detections.bursts import BURSTS
from otwatch.alerts.detections.challenges import CHALLENGES
from otwatch.alerts.detections.consoles import CONSOLES
from otwatch.alerts.detections.control import CONTROL
from otwatch.alerts.detections.credentials import CREDENTIALS
from otwatch.alerts.detections.drift import DRIFT
from otwatch.alerts.detections.engineering import ENGINEERING
from otwatch.alerts.detections.exposed import EXPOSED
from otwatch.alerts.detections.firmware import FIRMWARE
from otwatch.alerts.detections.guessing import GUESSING
from otwatch.alerts.detections.industrial import INDUSTRIAL
from otwatch.alerts.detections.infrastructure import INFRASTRUCTURE
from otwatch.alerts.detections.limits import LIMITS
from otwatch.alerts.detections.management import MANAGEMENT
from otwatch.alerts.detections.neighbours import NEIGHBOURS
from otwatch.alerts.detections.novelty import NOVELTY
from otwatch.alerts.detections.priorities import PRIORITIES
from otwatch.alerts.detections.probing import PROBING
from otwatch.alerts.detections.programs import PROGRAMS
from otwatch.alerts.detections.recon import RECON
from otwatch.alerts.detections.remote import REMOTE
from otwatch.alerts.detections.replaced import REPLACED
from otwatch.alerts.detections.secrets import SECRETS
from otwatch.alerts.detections.sensor import SENSOR
from otwatch.alerts.detections.takeovers import TAKEOVERS
from otwatch.alerts.detections.tunnels import TUNNELS
from otwatch.alerts.detections.unprotected import UNPROTECTED
from otwatch.alerts.detections.writes import WRITES
from otwatch.alerts.detections.zones import ZONES
from otwatch.alerts.model import Detection

DETECTIONS: tuple[Detection, ...] = (
    *CREDENTIALS, *CHALLENGES, *SECRETS, *UNPROTECTED, *GUESSING, *ENGINEERING, *CONSOLES, *PROGRAMS, *FIRMWARE, *ACCOUNTS, *CONTROL,
    *WRITES, *PRIORITIES, *INDUSTRIAL, *ZONES, *NEIGHBOURS, *REMOTE, *RECON, *PROBING, *INFRASTRUCTURE, *ADDRESSES, *BACKBONE, *TAKEOVERS,
    *BURSTS, *TUNNELS, *ABSENT, *EXPOSED, *DRIFT, *REPLACED, *NOVELTY, *BRIDGES, *MANAGEMENT, *LIMITS, *SENSOR,
)  # fmt: skip

__all__ = ["DETECTIONS"]

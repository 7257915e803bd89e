"""What a certificate says of its holder (RFC 5280): read by `cryptography`, behind this one adapter.

The library is safe Rust and raises few things on hostile bytes; whatever it raises becomes Malformed here.
"""

import warnings
from collections.abc import Iterator
from typing import TYPE_CHECKING

from otwatch.dissectors.ber import SEQUENCE, expect
from otwatch.dissectors.reader import Reader
from otwatch.errors import Malformed
from otwatch.events import Details, clean

if TYPE_CHECKING:  # the library costs 0.1 s to import, and many captures hold no certificate
    from cryptography import x509

NAMES = 8
"""Alternative names that are told: a certificate for a hundred says nothing about one machine."""


_BIT_STRING = 0x03


def told(der: bytes) -> Details:
    """Subject, alternative names, issuer, organisation, last day; nothing where the library is stricter than the devices are that show it.

    Malformed where it is no certificate.
    """
    from cryptography import x509
    from cryptography.exceptions import UnsupportedAlgorithm

    odd = (ValueError, TypeError, UnsupportedAlgorithm, x509.InvalidVersion, x509.DuplicateExtension, x509.UnsupportedGeneralNameType)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the library warns of serial numbers and names that old devices have
            return tuple((name, text) for name, text in _fields(x509.load_der_x509_certificate(der)) if text)
    except odd as error:
        if _is_certificate(der):
            return ()
        raise Malformed("certificate cannot be read", 0) from error


def _is_certificate(der: bytes) -> bool:
    """Whether it has the three parts of one (RFC 5280 4.1): old devices fill them with odd dates, numbers and keys."""
    try:
        body = expect(Reader(der), SEQUENCE)
        for tag in (SEQUENCE, SEQUENCE, _BIT_STRING):
            expect(body, tag)
    except Malformed:
        return False
    return True


def _fields(certificate: "x509.Certificate") -> Iterator[tuple[str, str]]:
    yield "certificate", _name(certificate.subject)
    yield from (("certificate_name", name) for name in _alternatives(certificate))
    issuer = _name(certificate.issuer)
    yield "issuer", "self-signed" if certificate.issuer == certificate.subject else issuer
    yield "organisation", _organisation(certificate.subject)
    yield "valid_until", certificate.not_valid_after_utc.date().isoformat()


def _name(name: "x509.Name") -> str:
    """Its common name, else all of it."""
    from cryptography.x509 import NameOID

    common = name.get_attributes_for_oid(NameOID.COMMON_NAME)
    return clean(common[0].value) if common else clean(name.rfc4514_string())


def _organisation(name: "x509.Name") -> str:
    """Who holds it: on certificates that a device brought along its maker."""
    from cryptography.x509 import NameOID

    found = name.get_attributes_for_oid(NameOID.ORGANIZATION_NAME)
    return clean(found[0].value) if found else ""


def _alternatives(certificate: "x509.Certificate") -> list[str]:
    from cryptography import x509

    try:
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return []
    return [clean(str(name.value)) for name in names if isinstance(name, x509.DNSName | x509.IPAddress)][:NAMES]

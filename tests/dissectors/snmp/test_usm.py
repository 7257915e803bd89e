"""Proofs of SNMPv3: RFC 3414 A.3 and the vectors of detections.md B.7."""

import pytest

from otwatch.dissectors.reader import Reader
from otwatch.dissectors.snmp import usm
from otwatch.errors import Malformed
from tests.dissectors.snmp.vectors import SECURED

FIRST, SECOND = "000000000000000000000002", "80001f8880e9630000d61ff449"


@pytest.mark.parametrize(("name", "engine", "key"), [
    ("md5", FIRST, "526f5eed9fcce26f8964c2930787d82b"),
    ("sha1", FIRST, "6695febc9288e36282235fc7151f128497b38f3f"),
    ("md5", SECOND, "3c697164ac75375d7bb16453cd8f54ad"),
    ("sha1", SECOND, "d695f878c7aa163559a21560b95bcca1077d749b"),
    ("sha256", SECOND, "839beaa61ac06331c0345a18f9e1ed5e7528c41d7a36d89f4916127ca914827a"),
])  # fmt: skip
def test_keys(name: str, engine: str, key: str) -> None:
    assert usm.localised(name, b"maplesyrup", bytes.fromhex(engine)).hex() == key


MD5, LONGER = "104f70120df0c79080c7dff7", "117325e3790f3fb3c03703fc3f92d12241d261cb5187ef10"
SHA256 = (
    SECURED.replace("040c" + MD5, "0418" + LONGER)
    .replace("043230", "043e30")
    .replace("3075020103", "308181020103")
    .replace("30040d80001f88", "3c040d80001f88", 1)
)
"""The same message with a longer MAC: what holds it is longer by 12 bytes."""


@pytest.mark.parametrize("message", [SECURED, SECURED.replace(MD5, "3a907f492351ff3e0fc151f6"), SHA256])
def test_messages(message: str) -> None:
    proof = usm.proof(Reader(bytes.fromhex(message)))
    assert proof is not None
    assert proof.equals("maplesyrup")
    assert not proof.equals("maplesyruq")
    assert not proof.equals("")


def test_macs_of_no_known_length_prove_nothing() -> None:
    assert usm.proof(Reader(bytes.fromhex(SECURED.replace("040c" + MD5, "0400").replace("043230", "042630").replace("3075", "3069").replace(
        "30040d80001f88", "24040d80001f88", 1)))) is None  # fmt: skip


def test_a_cut_message_is_malformed() -> None:
    with pytest.raises(Malformed):
        usm.proof(Reader(bytes.fromhex(SECURED)[:90]))

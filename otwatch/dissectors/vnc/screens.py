"""The password of a remote screen (RFC 6143 7.2.2): 8 bytes of it, with the bits of each reversed, are the key of DES.

    answer = DES(key, challenge[0:8]) + DES(key, challenge[8:16])
"""

from otwatch.events import Proof

SIZE = 16
"""Bytes of a challenge, and of an answer."""
_KEY = 8
_COST = 4
_REVERSED = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))


def answers(challenge: bytes, password: bytes) -> tuple[bytes, ...]:
    """The answer that a password gives. Single DES is triple DES with one key three times."""
    from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES  # 14 MB of a sensor, and most sites have no such screen
    from cryptography.hazmat.primitives.ciphers import Cipher, modes

    key = password[:_KEY].ljust(_KEY, b"\0").translate(_REVERSED)
    return (Cipher(TripleDES(key * 3), modes.ECB()).encryptor().update(challenge),)


def proof(challenge: bytes, answer: bytes) -> Proof:
    """What an answer proves."""
    return Proof(answer, answers, challenge, _COST)

"""Nothing that tshark knows of a thing is missing from the inventory without a reason that stands here."""

import pytest

from tests.truth import captures_of, folders, heard, missing, truth

MIRROR = "the outer end of a tunnel whose frames only went one way: the mirror itself, which is no part of the plant (wire/tunnels.py)"
FUZZED = "a fuzzed frame: its header is wrong, and what stands in it is nobody"
INSIDE = "tshark names an address of a header that otwatch does not count as a sender: quoted, truncated or made by hand"
NO_SERVICE = "a frame of a kind that otwatch cannot read: what is inside has no known type"

REASONS = {
    ("link/flowlab-", "sender"): MIRROR,
    ("link/tcpdump-erspan", "sender"): MIRROR,
    ("link/zeek-erspan", "sender"): MIRROR,
    ("link/zeek-pbb", "sender"): NO_SERVICE,
    ("link/pcapplusplus-", "sender"): INSIDE,
    ("malformed/", "sender"): FUZZED,
    ("malformed/ndpi-fuzz-2006-06-26-2594", "dhcp.option.hostname"): "the client's MAC was changed into one of a group, which has no name",
    ("malformed/ndpi-http_invalid_server", "http.server"): "no text in any encoding: its bytes stand in the inventory as \\x..",
    ("mixed/arkime-arkime_synthetic", "sender"): INSIDE,
    ("mixed/arkime-arkime_synthetic", "enip.list_identity"): "the vendor number is not assigned: tshark writes Unknown, otwatch the number",
}
"""Why something is missing, by the beginning of the capture's name and the sort of thing."""


def reason(name: str, what: str) -> str:
    return next((text for (beginning, sort), text in REASONS.items() if name.startswith(beginning) and sort == what), "")


@pytest.mark.parametrize("folder", folders())
def test_nothing_is_missing_without_a_reason(folder: str) -> None:
    found = {name: results for name in captures_of(folder) if (results := heard(name)) is not None}
    assert not [
        f"{name}: {said.what} {said.text}"
        for name, results in found.items()
        for said in missing(truth()[name], results)
        if not reason(name, said.what)
    ]


def test_reasons_are_needed() -> None:
    used = {
        (beginning, sort)
        for beginning, sort in REASONS
        for name in truth()
        if name.startswith(beginning) and (results := heard(name)) and any(said.what == sort for said in missing(truth()[name], results))
    }
    assert used == set(REASONS)

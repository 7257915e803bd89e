"""All real captures against what tshark counted; every difference is listed with its reason."""

import json
from pathlib import Path
from typing import Any

from otwatch.capture import Summary, open_captures

MORE_THAN_TSHARK = {
    "link/tcpdump-brcm-tag.pcap": 23,  # link type 281, unknown to tshark 4.0
    "link/tcpdump-kday6.pcap": 1,  # link type 182
    "malformed/tcpdump-hoobr_juniper3.pcap": 1,  # bits above the link type
    "malformed/tcpdump-juniper_monitor_invalid_cookie_length.pcap": 1,  # link type 164
    "malformed/tcpdump-vtp_asan-2.pcap": 1,  # link type 182
}
BROKEN = {
    "http/markofu-http-fault-post.pcap": "breaks off after frame 25, at byte 8877: 2 of 16 bytes of a frame header are there",
    "malformed/ndpi-fuzz-2021-10-13.pcap": "breaks off after frame 1, at byte 237: 2 of 16 bytes of a frame header are there",
}
OTHER_TIMES = {
    "malformed/ndpi-fuzz-2021-06-07-c6c72a0a56.pcap",  # 2 341 672 microseconds in a second: tshark prints them, we add them
    "malformed/tcpdump-timestamp_invalid_nano.pcap",  # more than 10^9 nanoseconds in a second: the same
}


def truth_of(captures: Path) -> dict[str, dict[str, Any]]:
    truth: dict[str, dict[str, Any]] = json.loads((captures / "TRUTH.json").read_text())["captures"]
    return truth


def nanoseconds(timestamp: str) -> int:
    seconds, fraction = timestamp.split(".")
    return int(seconds) * 10**9 + int(fraction)


def summaries(captures: Path) -> dict[str, Summary]:
    found = {}
    for source in open_captures([captures]):
        reading = source.read()
        for _ in reading:
            pass
        found[source.name.removeprefix(f"{captures}/")] = reading.summary
    return found


def test_all_captures(captures: Path) -> None:
    truth, found = truth_of(captures), summaries(captures)
    assert found.keys() == truth.keys()
    assert {name: summary.broken for name, summary in found.items() if summary.broken} == BROKEN
    assert {name: s.frames for name, s in found.items() if s.frames != truth[name]["packets"]} == MORE_THAN_TSHARK
    for name, summary in found.items():
        said = truth[name]
        if summary.frames == said["packets"] > 0 and said["timestamps_ordered"] and name not in OTHER_TIMES:
            assert summary.first_ns == nanoseconds(said["first_timestamp"]), name
            assert summary.last_ns is not None
            # tshark calls times ordered that step back by less than a microsecond; its last frame is then not the latest
            assert 0 <= summary.last_ns - nanoseconds(said["last_timestamp"]) < 1000, name

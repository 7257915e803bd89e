"""The functions of UMAS, a row each, with what they do to the plant (community dissector of 2024; classes ours).

Vendor tools call the direction from PC to controller "upload"; here *download* is into the controller.
"""

from typing import NamedTuple

from otwatch.events import Verb

WRITE_VARIABLES = 0x23
READ_ID, READ_PROJECT, RESERVE, SIGNED = 0x02, 0x03, 0x10, 0x38
DOWNLOAD_BLOCK, UPLOAD_BLOCK = 0x31, 0x34
SUCCESS, FAILURE = 0xFE, 0xFD


class Function(NamedTuple):
    name: str
    verb: Verb


FUNCTIONS: dict[int, Function] = {
    0x01: Function("Init Communication", Verb.SESSION),
    READ_ID: Function("Read ID", Verb.DISCOVER),
    READ_PROJECT: Function("Read Project", Verb.DISCOVER),
    0x04: Function("Read PLC Status", Verb.READ),
    0x05: Function("Read Loader", Verb.DISCOVER),
    0x06: Function("Read Card", Verb.DISCOVER),
    0x07: Function("Read Block", Verb.DISCOVER),
    0x0A: Function("Repeat", Verb.SESSION),
    RESERVE: Function("Take PLC Reservation", Verb.SESSION),
    0x11: Function("Release PLC Reservation", Verb.SESSION),
    0x12: Function("Keep Alive", Verb.SESSION),
    0x20: Function("Read Memory Block", Verb.READ),
    0x21: Function("Write Memory Block", Verb.PROGRAM),
    0x22: Function("Read Variables", Verb.READ),
    WRITE_VARIABLES: Function("Write Variables", Verb.WRITE),
    0x24: Function("Read Coils and Registers", Verb.READ),
    0x25: Function("Write Coils and Registers", Verb.WRITE),
    0x26: Function("Data Dictionary", Verb.DISCOVER),
    0x27: Function("Data Dictionary Preload", Verb.DISCOVER),
    0x28: Function("Read Physical Address", Verb.PROGRAM),
    0x29: Function("Write Physical Address", Verb.PROGRAM),
    0x2A: Function("Browse Events", Verb.READ),
    0x30: Function("Begin Download", Verb.PROGRAM),
    DOWNLOAD_BLOCK: Function("Download Block", Verb.PROGRAM),
    0x32: Function("End Download", Verb.PROGRAM),
    0x33: Function("Begin Upload", Verb.PROGRAM),
    UPLOAD_BLOCK: Function("Upload Block", Verb.PROGRAM),
    0x35: Function("End Upload", Verb.PROGRAM),
    0x36: Function("Backup", Verb.PROGRAM),
    0x37: Function("Preload Blocks", Verb.PROGRAM),
    SIGNED: Function("Signed", Verb.OTHER),
    0x39: Function("Read Ethernet Master", Verb.READ),
    0x40: Function("Start PLC", Verb.CONTROL),
    0x41: Function("Stop PLC", Verb.CONTROL),
    0x42: Function("Init PLC", Verb.CONTROL),
    0x43: Function("Swap PLC", Verb.CONTROL),
    0x50: Function("Monitor PLC", Verb.READ),
    0x51: Function("Automatic Modifications", Verb.READ),
    0x52: Function("Get Forced Bits", Verb.READ),
    0x53: Function("Selected Blocks", Verb.READ),
    0x58: Function("Check PLC", Verb.SESSION),
    0x60: Function("Set Breakpoint", Verb.CONTROL),
    0x61: Function("Delete Breakpoint", Verb.CONTROL),
    0x62: Function("Step Over", Verb.CONTROL),
    0x63: Function("Step Into", Verb.CONTROL),
    0x64: Function("Step Out", Verb.CONTROL),
    0x65: Function("Get Call Stack", Verb.CONTROL),
    0x66: Function("Check Debug Allowed", Verb.CONTROL),
    0x6C: Function("Special Message", Verb.OTHER),
    0x6D: Function("Private Message", Verb.OTHER),
    0x6E: Function("Exchange Reservation Nonces", Verb.AUTH),
    0x70: Function("Read IO Object", Verb.READ),
    0x71: Function("Write IO Object", Verb.CONTROL),
    0x72: Function("Read Rack", Verb.READ),
    0x73: Function("Read Module Status", Verb.READ),
    0x74: Function("Read Device", Verb.READ),
}

TRANSFERS = {
    0x30: "download-begin", DOWNLOAD_BLOCK: "download-block", 0x32: "download-end",
    0x33: "upload-begin", UPLOAD_BLOCK: "upload-block", 0x35: "upload-end",
}  # fmt: skip
"""What a function is to a transfer of a whole program (events.Request, detail "transfer")."""

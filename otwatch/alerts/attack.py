"""Names of what a finding is mapped to: ATT&CK for ICS techniques and requirements of IEC 62443-3-3 (domain/attack.md, detections.md).

Version 19 turned seven older techniques into sub-techniques; most tools and reports still print the older id, so both are given.
"""

from collections.abc import Iterable

VERSION = "19.1"

TECHNIQUES = {
    "T0800": "Activate Firmware Update Mode",
    "T0802": "Automated Collection",
    "T0806": "Brute Force I/O",
    "T0813": "Denial of Control",
    "T0814": "Denial of Service",
    "T0815": "Denial of View",
    "T0816": "Device Restart/Shutdown",
    "T0819": "Exploit Public-Facing Application",
    "T0821": "Modify Controller Tasking",
    "T0822": "External Remote Services",
    "T0830": "Adversary-in-the-Middle",
    "T0831": "Manipulation of Control",
    "T0832": "Manipulation of View",
    "T0823": "Graphical User Interface",
    "T0836": "Modify Parameter",
    "T0837": "Loss of Protection",
    "T0838": "Modify Alarm Settings",
    "T0840": "Network Connection Enumeration",
    "T0842": "Network Sniffing",
    "T0843": "Program Download",
    "T0845": "Program Upload",
    "T0846": "Remote System Discovery",
    "T0846.001": "Remote System Discovery: Port Scan",
    "T0846.002": "Remote System Discovery: Broadcast Discovery",
    "T0846.003": "Remote System Discovery: Multicast Discovery",
    "T0848": "Rogue Master",
    "T0858": "Change Operating Mode",
    "T0859": "Valid Accounts",
    "T0861": "Point & Tag Identification",
    "T0864": "Transient Cyber Asset",
    "T0866": "Exploitation of Remote Services",
    "T0867": "Lateral Tool Transfer",
    "T0868": "Detect Operating Mode",
    "T0869": "Standard Application Layer Protocol",
    "T0872": "Indicator Removal on Host",
    "T0878": "Alarm Suppression",
    "T0879": "Damage to Property",
    "T0881": "Service Stop",
    "T0883": "Internet Accessible Device",
    "T0884": "Connection Proxy",
    "T0885": "Commonly Used Port",
    "T0886": "Remote Services",
    "T0888": "Remote System Information Discovery",
    "T0889": "Modify Program",
    "T0892": "Change Credential",
    "T1691.002": "Block Operational Technology Message: Reporting Message",
    "T1692.001": "Unauthorized Message: Command Message",
    "T1693.001": "Modify Firmware: System Firmware",
    "T1693.002": "Modify Firmware: Module Firmware",
    "T1694.001": "Insecure Credentials: Default Credentials",
}

WAS = {"T1691.002": "T0804", "T1692.001": "T0855", "T1693.001": "T0857", "T1693.002": "T0839", "T1694.001": "T0812"}
"""Current id -> the id before version 19."""

REQUIREMENTS = {
    "SR 1.1": "Human user identification and authentication",
    "SR 1.2": "Software process and device identification and authentication",
    "SR 1.5": "Authenticator management",
    "SR 1.7": "Strength of password-based authentication",
    "SR 1.11": "Unsuccessful login attempts",
    "SR 1.13": "Access via untrusted networks",
    "SR 2.1": "Authorization enforcement",
    "SR 2.3": "Use control for portable and mobile devices",
    "SR 2.10": "Response to audit processing failures",
    "SR 2.11": "Timestamps",
    "SR 2.12": "Non-repudiation",
    "SR 3.1": "Communication integrity",
    "SR 3.4": "Software and information integrity",
    "SR 3.5": "Input validation",
    "SR 3.6": "Deterministic output",
    "SR 3.8": "Session integrity",
    "SR 4.1": "Information confidentiality",
    "SR 5.1": "Network segmentation",
    "SR 5.2": "Zone boundary protection",
    "SR 6.2": "Continuous monitoring",
    "SR 7.1": "Denial of service protection",
    "SR 7.2": "Resource management",
    "SR 7.4": "Control system recovery and reconstitution",
    "SR 7.6": "Network and security configuration settings",
    "SR 7.7": "Least functionality",
    "SR 7.8": "Control system component inventory",
}


def former(techniques: Iterable[str]) -> tuple[str, ...]:
    """The older ids of those techniques that had one."""
    return tuple(WAS[technique] for technique in techniques if technique in WAS)

"""Services and errors of MMS (ISO 9506-2)."""

from typing import NamedTuple

from otwatch.events import Verb

NAME = "mms"
PDU_NAMES = {
    5: "cancel", 6: "cancel done", 7: "cancel refused", 8: "initiate", 9: "initiated", 10: "initiate refused", 11: "conclude",
    12: "concluded", 13: "conclude refused",
}  # fmt: skip
"""PDUs that only keep the association."""


class Service(NamedTuple):
    name: str
    verb: Verb


SERVICES: dict[int, Service] = {
    0: Service("Status", Verb.READ),
    1: Service("GetNameList", Verb.DISCOVER),
    2: Service("Identify", Verb.DISCOVER),
    3: Service("Rename", Verb.ADMIN),
    4: Service("Read", Verb.READ),
    5: Service("Write", Verb.WRITE),
    6: Service("GetVariableAccessAttributes", Verb.DISCOVER),
    7: Service("DefineNamedVariable", Verb.ADMIN),
    8: Service("DefineScatteredAccess", Verb.ADMIN),
    9: Service("GetScatteredAccessAttributes", Verb.DISCOVER),
    10: Service("DeleteVariableAccess", Verb.ADMIN),
    11: Service("DefineNamedVariableList", Verb.ADMIN),
    12: Service("GetNamedVariableListAttributes", Verb.DISCOVER),
    13: Service("DeleteNamedVariableList", Verb.ADMIN),
    14: Service("DefineNamedType", Verb.ADMIN),
    15: Service("GetNamedTypeAttributes", Verb.DISCOVER),
    16: Service("DeleteNamedType", Verb.ADMIN),
    17: Service("Input", Verb.READ),
    18: Service("Output", Verb.WRITE),
    19: Service("TakeControl", Verb.SESSION),
    20: Service("RelinquishControl", Verb.SESSION),
    21: Service("DefineSemaphore", Verb.ADMIN),
    22: Service("DeleteSemaphore", Verb.ADMIN),
    23: Service("ReportSemaphoreStatus", Verb.READ),
    24: Service("ReportPoolSemaphoreStatus", Verb.READ),
    25: Service("ReportSemaphoreEntryStatus", Verb.READ),
    26: Service("InitiateDownloadSequence", Verb.PROGRAM),
    27: Service("DownloadSegment", Verb.PROGRAM),
    28: Service("TerminateDownloadSequence", Verb.PROGRAM),
    29: Service("InitiateUploadSequence", Verb.PROGRAM),
    30: Service("UploadSegment", Verb.PROGRAM),
    31: Service("TerminateUploadSequence", Verb.PROGRAM),
    32: Service("RequestDomainDownload", Verb.PROGRAM),
    33: Service("RequestDomainUpload", Verb.PROGRAM),
    34: Service("LoadDomainContent", Verb.PROGRAM),
    35: Service("StoreDomainContent", Verb.PROGRAM),
    36: Service("DeleteDomain", Verb.PROGRAM),
    37: Service("GetDomainAttributes", Verb.DISCOVER),
    38: Service("CreateProgramInvocation", Verb.PROGRAM),
    39: Service("DeleteProgramInvocation", Verb.PROGRAM),
    40: Service("Start", Verb.CONTROL),
    41: Service("Stop", Verb.CONTROL),
    42: Service("Resume", Verb.CONTROL),
    43: Service("Reset", Verb.CONTROL),
    44: Service("Kill", Verb.CONTROL),
    45: Service("GetProgramInvocationAttributes", Verb.DISCOVER),
    46: Service("ObtainFile", Verb.FILE),
    64: Service("ReadJournal", Verb.READ),
    65: Service("WriteJournal", Verb.WRITE),
    66: Service("InitializeJournal", Verb.ADMIN),
    67: Service("ReportJournalStatus", Verb.READ),
    68: Service("CreateJournal", Verb.ADMIN),
    69: Service("DeleteJournal", Verb.ADMIN),
    70: Service("GetCapabilityList", Verb.DISCOVER),
    71: Service("AcknowledgeEventNotification", Verb.ALARM),
    72: Service("FileOpen", Verb.FILE),
    73: Service("FileRead", Verb.FILE),
    74: Service("FileClose", Verb.FILE),
    75: Service("FileRename", Verb.FILE),
    76: Service("FileDelete", Verb.FILE),
    77: Service("FileDirectory", Verb.DISCOVER),
}
"""ISO 9506-2, ConfirmedServiceRequest."""
STEPS = {
    26: "download-begin", 27: "download-block", 28: "download-end", 29: "upload-begin", 30: "upload-block", 31: "upload-end",
}  # fmt: skip
IDENTIFY, WRITE = 2, 5
REPORT_NAMES = {0: "InformationReport", 1: "UnsolicitedStatus", 2: "EventNotification"}
DATA_ERRORS = {
    0: "object invalidated", 1: "hardware fault", 2: "temporarily unavailable", 3: "object access denied", 4: "object undefined",
    5: "invalid address", 6: "type unsupported", 7: "type inconsistent", 8: "object attribute inconsistent",
    9: "object access unsupported", 10: "object does not exist", 11: "object value invalid",
}  # fmt: skip
"""DataAccessError."""

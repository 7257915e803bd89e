"""All services of BACnet, one row each (135-2020 clause 21, BACnetConfirmedServiceChoice; protocols 2.5). Names as Wireshark shows them."""

from otwatch.dissectors.bacnet.notices import (
    changed,
    changed_multiple,
    event_notice,
    i_am,
    i_have,
    set_time,
    text_message,
    who_am_i,
    who_has,
    who_is,
    you_are,
)
from otwatch.dissectors.bacnet.orders import (
    acknowledge,
    authenticate,
    communication,
    life_safety,
    private_transfer,
    reinitialize,
    request_key,
    terminal_open,
    terminal_session,
)
from otwatch.dissectors.bacnet.parameters import Service, structure
from otwatch.dissectors.bacnet.reads import (
    audit_log,
    file_access,
    last_event_object,
    read_property,
    read_property_multiple,
    read_range,
    subscribe,
    subscribe_multiple,
)
from otwatch.dissectors.bacnet.writes import change_list, create_object, delete_object, write_group, write_property, write_property_multiple
from otwatch.events import Verb

UNCONFIRMED_CODES, NETWORK_CODES, BVLC_CODES, BVLC6_CODES = 256, 512, 1024, 1280
"""Where the kinds of operation begin in `Request.code`; confirmed services begin at 0."""

CONFIRMED = {
    0: Service("acknowledgeAlarm", Verb.ALARM, acknowledge),
    1: Service("confirmedCOVNotification", Verb.SUBSCRIBE, changed),
    2: Service("confirmedEventNotification", Verb.ALARM, event_notice),
    3: Service("getAlarmSummary", Verb.READ, structure),
    4: Service("getEnrollmentSummary", Verb.READ, structure),
    5: Service("subscribeCOV", Verb.SUBSCRIBE, subscribe),
    6: Service("atomicReadFile", Verb.FILE, file_access),
    7: Service("atomicWriteFile", Verb.PROGRAM, file_access),
    8: Service("addListElement", Verb.ADMIN, change_list),
    9: Service("removeListElement", Verb.ADMIN, change_list),
    10: Service("createObject", Verb.ADMIN, create_object),
    11: Service("deleteObject", Verb.ADMIN, delete_object),
    12: Service("readProperty", Verb.READ, read_property),
    13: Service("readPropertyConditional", Verb.READ, structure),
    14: Service("readPropertyMultiple", Verb.READ, read_property_multiple),
    15: Service("writeProperty", Verb.WRITE, write_property),
    16: Service("writePropertyMultiple", Verb.WRITE, write_property_multiple),
    17: Service("deviceCommunicationControl", Verb.CONTROL, communication),
    18: Service("confirmedPrivateTransfer", Verb.OTHER, private_transfer),
    19: Service("confirmedTextMessage", Verb.OTHER, text_message),
    20: Service("reinitializeDevice", Verb.CONTROL, reinitialize),
    21: Service("vtOpen", Verb.ADMIN, terminal_open),
    22: Service("vtClose", Verb.ADMIN, terminal_session),
    23: Service("vtData", Verb.ADMIN, terminal_session),
    24: Service("authenticate", Verb.AUTH, authenticate),
    25: Service("requestKey", Verb.AUTH, request_key),
    26: Service("readRange", Verb.READ, read_range),
    27: Service("lifeSafetyOperation", Verb.CONTROL, life_safety),
    28: Service("subscribeCOVProperty", Verb.SUBSCRIBE, subscribe),
    29: Service("getEventInformation", Verb.READ, last_event_object),
    30: Service("subscribeCovPropertyMultiple", Verb.SUBSCRIBE, subscribe_multiple),
    31: Service("confirmedCovNotificationMultiple", Verb.SUBSCRIBE, changed_multiple),
    32: Service("confirmedAuditNotification", Verb.ALARM, structure),
    33: Service("auditLogQuery", Verb.READ, audit_log),
}

UNCONFIRMED = {
    0: Service("i-Am", Verb.DISCOVER, i_am),
    1: Service("i-Have", Verb.DISCOVER, i_have),
    2: Service("unconfirmedCOVNotification", Verb.SUBSCRIBE, changed),
    3: Service("unconfirmedEventNotification", Verb.ALARM, event_notice),
    4: Service("unconfirmedPrivateTransfer", Verb.OTHER, private_transfer),
    5: Service("unconfirmedTextMessage", Verb.OTHER, text_message),
    6: Service("timeSynchronization", Verb.TIME, set_time),
    7: Service("who-Has", Verb.DISCOVER, who_has),
    8: Service("who-Is", Verb.DISCOVER, who_is),
    9: Service("utcTimeSynchronization", Verb.TIME, set_time),
    10: Service("writeGroup", Verb.WRITE, write_group),
    11: Service("unconfirmedCovNotificationMultiple", Verb.SUBSCRIBE, changed_multiple),
    12: Service("unconfirmedAuditNotification", Verb.ALARM, structure),
    13: Service("who-Am-I", Verb.DISCOVER, who_am_i),
    14: Service("you-Are", Verb.ADMIN, you_are),
}


def confirmed(choice: int) -> Service:
    return CONFIRMED.get(choice) or Service(f"service {choice}", Verb.OTHER, structure)


def unconfirmed(choice: int) -> Service:
    return UNCONFIRMED.get(choice) or Service(f"unconfirmed service {choice}", Verb.OTHER, structure)

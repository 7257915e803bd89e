"""The second opinion: what tshark says of a capture, counted as facts, and where otwatch says something else.

    tshark.py   the program, in a process of its own: started, limited in time, its packets one by one
    pdml.py     one packet of its output -> who sends to whom, and layers of fields
    modbus.py, bacnet.py, enip.py   layers -> facts under the names of otwatch/facts          sheet.py   the counters
    comparing.py   facts of both -> differences, field by field
    places.py   in which frames they differ

Nothing here decodes a byte, and nothing from here reaches a record: tshark's words are only held against ours. They are texts of devices
too and pass `events.clean`; a password is reduced to whether there is one before anything else sees it.
"""

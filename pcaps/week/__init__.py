"""A healthy week, from short exchanges that were recorded between real stacks and are told again over packet time.

hosts.py       who is there besides the hosts of the sample hospital
servers.py     what answers          clients.py     what is done
scenes.py      which of them a recording is made of: NAME.pcap, made by pcaps/make_week.py
pace.py        how long the pauses in them are
telling.py     frames at another time, exactly
timetable.py   what is done when
incidents.py   one thing that should not happen
"""

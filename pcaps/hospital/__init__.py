"""A few minutes of a small hospital, played by real protocol stacks in network namespaces.

hosts.py       who is there: addresses, MACs, what each one says about itself
timetable.py   when what happens: ordinary life and the five incidents
network.py     namespaces, one bridge, the capture
devices.py     the plants' side: servers
stations.py    the people's side: clients
incidents.py   the five things that should not happen
sntp.py        a time server and client of ours
act.py         one host's part of the day, in one process
rewrite.py     pcap -> sorted pcapng at the story's time
truth.py       hospital.json: what the capture must give
"""

"""How fast, how small, and where the time goes: `python -m tests.bench --help`.

    traffic/     what a hospital's network carries, and what an attacker may send, as frames from a seeded random source
    workloads.py every kind of traffic by its name, as a pcap
    run.py       one capture through otwatch in this process, sampled stage by stage where asked
    measure.py   a command in a process of its own: CPU time, wall time, peak memory
    report.py    tables for people, history.csv for comparisons
"""

"""Hostile bytes without end: `make fuzz SECONDS=600`.

    targets    what is called with bytes, and must not raise        seeds    good inputs, made from captures
    run        one target under atheris                             __main__ all targets, two processes at a time

atheris watches which code an input reaches and changes those that reached something new. What it finds becomes a literal in test_found.py.
"""

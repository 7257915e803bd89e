"""From frames to packets, conversations and statements: the parts of the wire half, each on its own.

    columns      layers 2 to 4 of a batch                 links, taps, wide, tags, wireless, network, fragments, transport, walk
    conversations   who talks to whom, who began          ports, rows
    streams      TCP in order
    statements   what was read before, by its deciding bytes    shapes
    folds        counting by slot
"""

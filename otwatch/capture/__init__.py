"""Captures into `Frames`: files, folders, gzip and standard input, as one stream of columns.

    open_captures   what the operator names -> the captures behind it, in the order of their first frames   sources.py
    Source.read     one capture -> batches of Frames, then a Summary                                      reading.py
    Window          any input as a bounded window of bytes, unpacked                                         window.py
    in_time_order   captures of the same time -> one stream in the order of time                             merging.py
    batches         a window and a layout -> Frames                                                         batches.py
    Condition       in which condition the frames were captured                                            condition.py
    layouts         where the frames lie in a classic pcap (pcapfile.py) and in a pcapng (pcapng.py)

    for source in open_captures(["monday.pcap", "/var/captures", "-"]):
        reading = source.read(progress)
        for frames in reading: ...
        reading.summary.broken

Bytes are read in pieces and handed out as copies, at most `batches.BATCH_BYTES` at a time, so memory does not grow with a
capture and nothing dangles behind it. What is no capture is a CaptureError before any frame is read; a capture that breaks
off gives all frames before the break, and `Summary.broken` says where and why.
"""

from otwatch.capture.condition import Condition
from otwatch.capture.merging import Run, in_time_order
from otwatch.capture.reading import Progress, Reading, Source, Summary
from otwatch.capture.sources import open_captures

__all__ = ["Condition", "Progress", "Reading", "Run", "Source", "Summary", "in_time_order", "open_captures"]

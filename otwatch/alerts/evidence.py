"""How to see the evidence in Wireshark: a display filter for exactly these frames of one capture (valid since Wireshark 4.0).

Frame numbers alone: any word about protocols or addresses could hide a listed frame (a tunnel, an odd port, a cut frame).
"""

from collections.abc import Iterable

from otwatch.sightings import Frame


def display_filter(frames: Iterable[Frame], answers: Iterable[Frame] = ()) -> str:
    """Shows the frames and their answers that are in the capture of the first frame; "" without frames."""
    listed = [*frames, *answers]
    numbers = sorted({frame.number for frame in listed if frame.capture == listed[0].capture})
    if not numbers:
        return ""
    if len(numbers) == 1:
        return f"frame.number == {numbers[0]}"
    return f"frame.number in {{{', '.join(map(str, numbers))}}}"

"""What can be wrong with a file: changed bytes, a lost end, a pickle that runs code."""

from pathlib import Path

from hypothesis import strategies as st


def spoil(data, draw):
    """Change some bytes, or cut the end off; rather near the ends, where the headers are."""
    changed = bytearray(data)
    last = len(data) - 1
    near = st.integers(0, min(200, last)) | st.integers(max(0, last - 600), last) | st.integers(0, last)
    for place in draw(st.lists(near, max_size=4)):
        changed[place] = draw(st.integers(0, 255))
    return bytes(changed[: draw(st.just(len(data)) | near)])


class Trap:
    """Makes a file when a pickle of it is loaded."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return Path.touch, (self.path,)

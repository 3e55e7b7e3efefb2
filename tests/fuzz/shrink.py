"""A smaller list that still fails: chunks go, from halves down to single elements."""


def shrunk(elements, fails):
    """ELEMENTS, of which as many as can be were left out so that fails(elements) still holds."""
    size = max(1, len(elements) // 2)
    while True:
        at, before = 0, len(elements)
        while at < len(elements):
            fewer = elements[:at] + elements[at + size:]
            if fails(fewer):
                elements = fewer
            else:
                at += size
        if size == 1 and len(elements) == before:
            return elements
        size = max(1, size // 2)

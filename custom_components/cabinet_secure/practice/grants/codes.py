"""Which codes are hard to guess."""

from collections.abc import Iterator

_RUN = 3
_DISTINCT = 4


def is_strong(code: str) -> bool:
    """Whether a code of digits is neither a date, nor a pattern, nor easily overseen.

    No digit twice in a row three times, no three digits up or down in a row, at least
    four different ones, no part that repeats, no day and month or year that people
    choose.
    """
    if not code.isdecimal() or len(set(code)) < min(_DISTINCT, len(code)):
        return False
    return not (_has_run(code) or _repeats(code) or _holds_date(code))


def neighbours(code: str) -> Iterator[str]:
    """Yield the codes that somebody types who makes one mistake.

    One digit wrong, or two digits next to each other the wrong way round. A duress
    code, which differs in its last digit (2N), is among them.
    """
    for place, digit in enumerate(code):
        for other in "0123456789":
            if other != digit:
                yield code[:place] + other + code[place + 1 :]
    for place in range(len(code) - 1):
        first, second = code[place], code[place + 1]
        if first != second:
            yield code[:place] + second + first + code[place + 2 :]


def _has_run(code: str) -> bool:
    parts = (code[place : place + _RUN] for place in range(len(code) - _RUN + 1))
    return any(
        part in "0123456789" or part in "9876543210" or len({*part}) == 1
        for part in parts
    )


def _repeats(code: str) -> bool:
    """Whether the code is one part, said several times, or a mirror of itself."""
    return code == code[::-1] or any(
        len(code) % length == 0 and code == code[:length] * (len(code) // length)
        for length in range(1, len(code) // 2 + 1)
    )


def _holds_date(code: str) -> bool:
    """Whether it may be a day of the year with its year, in any usual order."""
    for place in range(len(code) - 5):
        a, b, c = (int(code[place + n : place + n + 2]) for n in (0, 2, 4))
        if any(_is_day(day, month) for day, month in ((a, b), (b, a), (c, b), (b, c))):
            return True
    return any(
        code[place : place + 2] in ("19", "20") for place in range(len(code) - 3)
    )


def _is_day(day: int, month: int) -> bool:
    return 1 <= day <= 31 and 1 <= month <= 12

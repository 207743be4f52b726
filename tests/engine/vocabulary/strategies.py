"""What hypothesis draws for the vocabulary: small stretches for brute force, calendars with awkward zones and days."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import strategies as st

from makegood.engine.vocabulary.calendar import Calendar, Window
from makegood.engine.vocabulary.interval import Interval
from makegood.engine.vocabulary.ratio import Ratio

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)

OFFICE_HOURS = (Window(8 * 60, 12 * 60), Window(13 * 60, 18 * 60))
NIGHT_SHIFT = (Window(0, 6 * 60), Window(22 * 60, 24 * 60))
OVER_THE_CHANGE = (Window(90, 150), Window(150, 165), Window(170, 300))

CALENDARS = (
    Calendar.always(),
    Calendar.always("America/New_York"),
    Calendar("office", "Europe/Berlin", (OFFICE_HOURS,) * 5 + ((), ()), country="DE", subdivision="BE"),
    Calendar("nights", "Australia/Lord_Howe", (NIGHT_SHIFT,) * 7),
    Calendar("change hours", "Europe/Berlin", (OVER_THE_CHANGE,) * 7),
    Calendar(
        "sundays",
        "America/Sao_Paulo",
        ((),) * 6 + ((Window(0, 24 * 60),),),
        closed=frozenset({date(2025, 3, 30)}),
        extra_open=((date(2025, 4, 1), (Window(60, 120),)),),
    ),
)

ratios = st.builds(Ratio, st.integers(-(10**9), 10**9), st.integers(1, 10**6))


def stretch(start: int, length: int) -> Interval:
    """Return an interval that starts so many seconds after noon."""
    begin = NOON + timedelta(seconds=start)
    return Interval(begin, begin + timedelta(seconds=length))


stretches = st.lists(st.builds(stretch, st.integers(0, 40), st.integers(0, 12)), max_size=8)

instants = st.integers(0, 500 * 86_400).map(lambda s: datetime(2024, 12, 1, tzinfo=UTC) + timedelta(seconds=s))
moments_of_change = st.integers(0, 8 * 86_400).map(lambda s: datetime(2025, 3, 27, tzinfo=UTC) + timedelta(seconds=s))
moments = instants | moments_of_change
calendars = st.sampled_from(CALENDARS)
lengths = st.integers(0, 40 * 86_400)
pauses = st.lists(
    st.builds(lambda start, length: Interval(start, start + timedelta(seconds=length)), moments, lengths), max_size=4
)

"""What the tests of the alarm start from."""

import pytest

from .builders import AlarmStory


@pytest.fixture
def story() -> AlarmStory:
    """Return a practice whose alarm is disarmed."""
    return AlarmStory()

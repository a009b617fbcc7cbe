"""What every test of the practice starts from."""

import pytest

from .builders import ENTRANCE, Story


@pytest.fixture
def story() -> Story:
    """Return a practice in the morning, its entrance seen shut and locked."""
    story = Story()
    story.look(ENTRANCE)
    return story

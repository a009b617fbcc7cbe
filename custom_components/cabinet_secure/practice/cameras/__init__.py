"""Cameras: whom they must not show, who looked, and what is kept as evidence."""

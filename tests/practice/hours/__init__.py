"""The hours of a practice."""

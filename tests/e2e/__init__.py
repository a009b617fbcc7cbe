"""Journeys through a real Home Assistant process."""

"""Lockdown down to the devices."""

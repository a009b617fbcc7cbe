"""Lockdown down to the devices: entries are blocked there, until they are told not to.

`course` is what happens; exits are no part of it (DOMAIN, *Opening a door*).
"""

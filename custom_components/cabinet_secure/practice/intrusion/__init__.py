"""The intrusion alarm: sensors, arming, delays, codes (DOMAIN: *Alarm*).

Panic never needs it: it is a concern of its own.
"""

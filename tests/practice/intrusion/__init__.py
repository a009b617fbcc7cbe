"""The intrusion alarm, told as stories."""

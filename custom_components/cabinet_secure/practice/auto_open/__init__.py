"""The door that opens by itself to a visitor in consultation hours.

`course` has the rule (DOMAIN, *Opening a door*): whatever is unknown rings instead.
"""

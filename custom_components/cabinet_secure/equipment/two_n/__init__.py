"""2N intercoms and access units over their HTTP API."""

"""The 2N door station: client, log and translation."""

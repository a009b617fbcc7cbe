"""Equipment that is not there, for tests, benchmarks and demonstration."""

"""What is run from the command line in a checkout."""

"""From files to one clean data set."""

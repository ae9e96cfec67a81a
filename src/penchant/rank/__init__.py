"""From scores to one explained list."""

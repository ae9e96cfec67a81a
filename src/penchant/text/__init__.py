"""Text of items and histories."""

"""What a service remembers: events, items, users, models, keys, lists, and who read what."""

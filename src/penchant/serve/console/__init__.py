"""The web console: what people like, for the shop's own people; no logic of its own."""

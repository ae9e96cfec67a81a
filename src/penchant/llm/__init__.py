"""Models of language: encoders of text."""

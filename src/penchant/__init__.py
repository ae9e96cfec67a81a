"""Penchant finds out what people like, in words, and recommends, explains and explores with it."""

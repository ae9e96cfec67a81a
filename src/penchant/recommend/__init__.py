"""Recommenders: each scores items for a batch of histories."""

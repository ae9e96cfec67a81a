"""The service over HTTP: ``/v1``, and what watches over it."""

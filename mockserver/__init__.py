"""A local server that stands in for the WorkOS User Management (AuthKit) API."""

__version__ = "0.1.0"

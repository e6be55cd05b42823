"""API keys that organizations and users hand to the customer's own API."""

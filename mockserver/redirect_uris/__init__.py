"""Redirect URIs: where a sign-in may lead back to."""

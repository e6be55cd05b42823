"""Device authorizations: signing in to a program that has no browser, with one that has."""

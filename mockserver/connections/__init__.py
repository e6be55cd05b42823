"""SSO connections: the identity providers of organizations, and the profiles that they vouch for."""

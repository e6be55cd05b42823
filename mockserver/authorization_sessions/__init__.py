"""Authorization sessions: sign-ins in progress in a browser."""

"""Magic Auth: sign-in by a mailed one-time code."""

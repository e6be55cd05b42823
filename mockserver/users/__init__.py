"""Users: people with an e-mail address, a password and metadata."""

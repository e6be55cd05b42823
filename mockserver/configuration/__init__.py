"""What a whole environment is configured with: the JWT template and the CORS origins."""

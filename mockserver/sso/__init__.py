"""Standalone SSO: profiles for apps that keep their users and sessions themselves."""

"""The types of connections, as the API spells them."""

from __future__ import annotations

from mockserver.settings import OAUTH_PROVIDERS

TYPES = frozenset(
    {
        *OAUTH_PROVIDERS,
        "ADFSSAML",
        "AdpOidc",
        "Auth0Migration",
        "Auth0SAML",
        "AzureSAML",
        "CasSAML",
        "ClassLinkSAML",
        "CleverOIDC",
        "CloudflareSAML",
        "CyberArkSAML",
        "DiscordOAuth",
        "DuoSAML",
        "EntraIdOIDC",
        "GenericOIDC",
        "GenericSAML",
        "GoogleOIDC",
        "GoogleSAML",
        "GrokOAuth",
        "JumpCloudSAML",
        "KeycloakSAML",
        "LastPassSAML",
        "LoginGovOidc",
        "MagicLink",
        "MiniOrangeSAML",
        "NetIqSAML",
        "OktaOIDC",
        "OktaSAML",
        "OneLoginSAML",
        "OracleSAML",
        "Pending",
        "PingFederateSAML",
        "PingOneSAML",
        "RipplingSAML",
        "SalesforceSAML",
        "ShibbolethGenericSAML",
        "ShibbolethSAML",
        "SimpleSamlPhpSAML",
        "TestIdp",
        "VMwareSAML",
        "XOAuth",
    }
)


def normal_type(connection_type: str) -> str:
    """The filter of the list spells one type differently; both spellings are taken everywhere."""
    return "GitHubOAuth" if connection_type == "GithubOAuth" else connection_type


def is_oauth(connection_type: str) -> bool:
    return connection_type.endswith("OAuth")

"""What other programs read before they use the login of this site."""

import pytest
import requests
from client import Client

FILES = ["openid-configuration", "oauth-authorization-server"]


def fetched(stack, name):
    """The answer of the web server."""
    return requests.get(f"{stack.public_url}/.well-known/{name}",
                        headers={"Origin": "https://elsewhere.example"}, timeout=20)


@pytest.mark.parametrize("name", FILES)
def test_each_server_hands_out_the_metadata_to_everybody(front, name):
    answer = fetched(front, name)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "max-age=" in answer.headers["Cache-Control"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.json()["issuer"] == front.public_url


# What an empty request gets there: a page or an error that says what is missing, and no 404.
EMPTY = {"jwks_uri": ("GET", 200), "authorization_endpoint": ("GET", 400),
         "token_endpoint": ("POST", 401), "userinfo_endpoint": ("GET", 401),
         "revocation_endpoint": ("POST", 401), "end_session_endpoint": ("GET", 200)}


def test_each_address_in_the_metadata_is_answered_on_each_server(front):
    metadata = fetched(front, FILES[0]).json()
    addresses = {name: value for name, value in metadata.items()
                 if isinstance(value, str) and name != "issuer"}
    assert set(addresses) == set(EMPTY)
    assert {name: requests.request(
        EMPTY[name][0], address, timeout=20, allow_redirects=False,
        headers={"Content-Type": "application/x-www-form-urlencoded"}).status_code
        for name, address in addresses.items()} == {n: status for n, (_, status) in EMPTY.items()}


def test_the_metadata_say_what_the_standards_require(apache):
    """OpenID Connect Discovery 3, RFC 8414 and RFC 9207."""
    url = apache.public_url
    assert fetched(apache, FILES[0]).json() == fetched(apache, FILES[1]).json() == {
        "issuer": url,
        "jwks_uri": f"{url}/.well-known/jwks.json",
        "authorization_endpoint": f"{url}/oauth/authorize",
        "token_endpoint": f"{url}/oauth/token",
        "userinfo_endpoint": f"{url}/oauth/userinfo",
        "revocation_endpoint": f"{url}/oauth/revoke",
        "end_session_endpoint": f"{url}/oauth/end-session",
        "scopes_supported": ["openid", "profile", "email", "groups", "offline_access"],
        "id_token_signing_alg_values_supported": ["RS256", "ES256"],
        "token_endpoint_auth_methods_supported":
            ["client_secret_basic", "client_secret_post", "none"],
        "revocation_endpoint_auth_methods_supported":
            ["client_secret_basic", "client_secret_post", "none"],
        "acr_values_supported": ["1fa", "2fa", "phr"],
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code", "refresh_token"],
        "subject_types_supported": ["public"],
        "code_challenge_methods_supported": ["S256"],
        "prompt_values_supported": ["none", "login", "consent", "select_account"],
        "claim_types_supported": ["normal"],
        "claims_supported": ["iss", "sub", "aud", "exp", "iat", "auth_time", "nonce", "acr", "amr",
                             "sid", "name", "preferred_username", "locale", "email",
                             "email_verified", "groups"],
        "authorization_response_iss_parameter_supported": True,
        "claims_parameter_supported": False,
        "request_parameter_supported": False,
        "request_uri_parameter_supported": False,
    }


def test_the_published_keys_are_where_the_metadata_say(apache):
    """With one for each algorithm that they list."""
    metadata = fetched(apache, FILES[0]).json()
    keys = Client(apache).get(metadata["jwks_uri"]).json()["keys"]
    assert {key["alg"] for key in keys} == set(metadata["id_token_signing_alg_values_supported"])

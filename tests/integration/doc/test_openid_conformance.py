"""The table of the OpenID Foundation's modules is whole, and the tests that it names exist."""

import re

from servers import TREE

# The modules of the three plans (their repository: OIDCCBasicTestPlan, OIDCCConfigTestPlan,
# OIDCCRpInitiatedLogoutTestPlan).
MODULES = {
    "Basic": """
        server response-type-missing idtoken-signature idtoken-unsigned userinfo-get
        userinfo-post-header userinfo-post-body
        ensure-request-without-nonce-succeeds-for-code-flow scope-profile scope-email
        scope-address scope-phone scope-all ensure-other-scope-order-succeeds display-page
        display-popup prompt-login prompt-none-not-logged-in prompt-none-logged-in max-age-1
        max-age-10000 ensure-request-with-unknown-parameter-succeeds id-token-hint login-hint
        ui-locales claims-locales ensure-request-with-acr-values-succeeds codereuse
        codereuse-30seconds ensure-registered-redirect-uri ensure-post-request-succeeds
        server-client-secret-post
        request-uri-unsigned-supported-correctly-or-rejected-as-unsupported
        unsigned-request-object-supported-correctly-or-rejected-as-unsupported
        claims-essential ensure-request-object-with-redirect-uri refresh-token
        ensure-request-with-valid-pkce-succeeds""",
    "Config": "discovery-endpoint-verification",
    "RP-initiated logout": """
        rp-initiated-logout-discovery-endpoint-verification rp-initiated-logout
        rp-initiated-logout-no-state rp-initiated-logout-bad-post-logout-redirect-uri
        rp-initiated-logout-query-added-to-post-logout-redirect-uri
        rp-initiated-logout-modified-id-token-hint rp-initiated-logout-bad-id-token-hint
        rp-initiated-logout-no-id-token-hint rp-initiated-logout-no-params
        rp-initiated-logout-only-state rp-initiated-logout-no-post-logout-redirect-uri""",
}


def sections():
    """Plan: (text, rows of its table) on the page."""
    with open(f"{TREE}/doc/reference/openid-conformance.md", encoding="utf-8") as f:
        parts = re.split(r"^## ([^:]*): .*\n", f.read(), flags=re.M)
    return {name: (text, re.findall(r"^\| `(oidcc-[a-z0-9-]+)` \| [^|]+ \| `(test_\w+)` \|$",
                                    text, re.M))
            for name, text in zip(parts[1::2], parts[2::2])}


def test_every_module_of_the_three_plans_has_a_row():
    found = {name: [module for module, _ in rows] for name, (_, rows) in sections().items()}
    assert {name: sorted(modules) for name, modules in found.items()} == \
        {name: sorted(f"oidcc-{module}" for module in words.split())
         for name, words in MODULES.items()}


def test_every_test_that_the_table_names_exists():
    for text, rows in sections().values():
        file = re.search(r"Our tests are in `([^`]+)`", text)[1]
        with open(f"{TREE}/{file}", encoding="utf-8") as f:
            there = set(re.findall(r"^def (test_\w+)\(", f.read(), re.M))
        assert {test for _, test in rows} <= there

"""What `doorward metrics` and `doorward status` say of clients."""

import json
import re

from oauth import App, signed_in


def counted(stack):
    """clients, grants that end with a session, and those that do not."""
    text = stack.doorward("metrics")
    return [int(re.search(rf"^doorward_oauth_{name} (\d+)$", text, re.M)[1])
            for name in ("clients", 'grants{kind="session"}', 'grants{kind="offline"}')]


def test_clients_and_their_grants_are_counted_until_they_end(apache):
    clients, session, offline = counted(apache)
    browser = signed_in(apache)
    app = App(apache)
    app.tokens(browser, scope="openid")
    tokens = app.tokens(browser, scope="openid offline_access")
    assert counted(apache) == [clients + 1, session + 1, offline + 1]
    said = json.loads(apache.doorward("status", "--json", check=False).stdout)
    assert (said["clients"], said["grants"]) == (clients + 1, session + offline + 2)
    line = f"clients      ok   {clients + 1}, {session + offline + 2} grants ("
    assert line in apache.doorward("status", check=False).stdout
    app.revoke(tokens["refresh_token"])
    browser.post("/login/logout", headers={"Origin": apache.public_url})
    assert counted(apache) == [clients + 1, session, offline]
    apache.doorward("client", "remove", app.id, "--yes")
    assert counted(apache) == [clients, session, offline]

"""/account/data and /account/delete: what people take with them, and how they leave."""

import json
import re
import time

import pytest

from account_page import form_token, log_in
from client import Client, bearer, json_login
from database import in_parallel
from factor_rows import add_app, add_codes, add_others, add_passkey

PASSWORD = "seven quiet herons wading"


@pytest.fixture(name="ann")
def _ann(apache, request):
    """A user of this test: the name."""
    name = "l" + re.sub(r"\W", "", request.node.name)[-40:] + str(time.monotonic_ns())
    apache.add_user(name, PASSWORD, "member")
    apache.doorward("user", "set", name, "--mail", f"{name}@example.org", "--verified")
    return name


def id_of(stack, name):
    return stack.sql(f"select id from doorward.users where name = '{name}'").strip()


def age(stack, name):
    """Every login was an hour ago."""
    stack.sql("update doorward.sessions set opened_at = opened_at - interval '1 hour'"
              f" where user_id = '{id_of(stack, name)}'")


def delete(client, **fields):
    return client.post("/account/delete", data={"form_token": form_token(client), "sure": "yes",
                                                **fields})


# ---- data ----

def test_the_data_are_all_that_is_held(front):
    """A file, by a link without a script."""
    name = f"data-{time.monotonic_ns()}"
    front.add_user(name, PASSWORD, "member")
    client = log_in(front, name, PASSWORD)
    client.post("/account/profile", data={"form_token": form_token(client),
                                          "display_name": "Ann of Example"})
    answer = client.get("/account/data")
    assert answer.status_code == 200 and answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Content-Type"] == "application/json; charset=utf-8"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="my-data.json"'
    said = json.loads(answer.text)
    assert said["user"]["name"] == name and said["user"]["display_name"] == "Ann of Example"
    assert said["user"]["has_password"] is True and said["user"]["roles"] == ["member"]
    assert [session["browser"] for session in said["sessions"]] == [True]
    assert {"login_ok", "profile_changed"} <= {row["event"] for row in said["audit"]}


def add_client(stack, user):
    """A client that the user has allowed for good, and a grant that has a code."""
    name = f"app-{user}"
    stack.doorward("client", "add", name, "--redirect", "https://app.example/")
    stack.sql(f"insert into doorward.oauth_consents values ('{user}', '{name}', '{{openid}}',"
              " doorward.now());"
              " with g as (insert into doorward.oauth_grants (client_id, user_id, session_id,"
              " offline, scopes, nonce, auth_time, amr, created_at, used_at, ends_at)"
              f" values ('{name}', '{user}', gen_random_uuid(), true, '{{openid}}', '5e5e5e',"
              " doorward.now(), '{pwd}', doorward.now(), doorward.now(), 'infinity') returning id)"
              " insert into doorward.oauth_codes select decode(repeat('5e', 32), 'hex'), id,"
              " 'https://app.example/', null, doorward.now(), null from g")


def test_no_table_about_the_user_is_left_out_of_the_data(apache, ann):
    """Whatever names a user by its id, today and later."""
    client = log_in(apache, ann, PASSWORD)
    client.post("/account/address", data={"form_token": form_token(client),
                                          "mail": f"new-{ann}@example.org"})
    apache.sql(f"select doorward.outbox_add('password-changed', null, '{ann}@example.org', null,"
               f" '{id_of(apache, ann)}', null)")
    add_app(apache, id_of(apache, ann))
    add_passkey(apache, id_of(apache, ann))
    add_codes(apache, id_of(apache, ann))
    add_others(apache, id_of(apache, ann))
    add_client(apache, id_of(apache, ann))
    apache.doorward("token", "issue", "--sub", id_of(apache, ann))
    said = json.loads(client.get("/account/data").text)
    part = {"users": "user", "addresses": "address", "sessions": "sessions", "links": "links",
            "outbox": "mails", "audit": "audit", "attempts": "guesses", "totp": "factors",
            "passkeys": "factors", "recovery_codes": "factors", "trusted": "remembered",
            "flows": "logins", "programs": "tokens", "oauth_consents": "allowed",
            "oauth_grants": "grants"}
    tables = apache.sql("select table_name from information_schema.columns where table_schema ="
                        " 'doorward' and column_name = 'user_id'").split()
    derived = {"people_index"}  # made of users and addresses by triggers
    assert set(tables) - derived <= set(part), "a table that names users is not in profile_data"
    assert all(said[key] for key in part.values()), said
    assert said["links"][0]["data"]["address"] == f"new-{ann}@example.org"
    assert [row["kind"] for row in said["factors"]] == ["totp", "passkey", "recovery"]
    assert said["allowed"][0]["client_id"] == said["grants"][0]["client_id"]
    assert "5e5e5e" not in json.dumps(said), "a secret, sealed or hashed"


def test_the_data_hold_no_hash_of_a_secret(apache, ann):
    client = log_in(apache, ann, PASSWORD)
    text = client.get("/account/data").text.replace(ann, "")
    assert "argon2" not in text and "hash" not in text, text
    for table in ("refresh_tokens", "links"):
        for value in apache.sql(f"select encode(hash, 'hex') from doorward.{table}"
                                " where hash is not null").split():
            assert value not in text


def test_more_than_a_page_can_hold_is_sent_whole(apache, ann):
    apache.sql("insert into doorward.audit (at, event, user_id, name, detail) select now(),"
               f" 'session_renewed', '{id_of(apache, ann)}', '{ann}', repeat('x', 200)"
               " from generate_series(1, 10000)")
    said = json.loads(log_in(apache, ann, PASSWORD).get("/account/data").text)
    assert sum(row["event"] == "session_renewed" for row in said["audit"]) == 10000


def test_the_data_want_a_fresh_login_and_lead_back_to_the_account(apache, ann):
    """Not to the file: the browser would stay on the form."""
    client = log_in(apache, ann, PASSWORD)
    age(apache, ann)
    answer = client.get("/account/data")
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/login?need=fresh&return_to=%2Faccount%3Fagain%3Ddata"
    assert "Download my data” once more" in client.get("/account?again=data").text


def test_the_data_are_told_in_the_audit(apache, ann):
    log_in(apache, ann, PASSWORD).get("/account/data")
    assert apache.sql("select count(*) from doorward.audit where event = 'data_taken'"
                      f" and user_id = '{id_of(apache, ann)}'").strip() == "1"


# ---- delete ----

def test_who_deletes_the_account_is_gone_everywhere_at_once(front):
    """The tokens of all sessions die; nothing is kept but the audit, with the id alone."""
    name = f"gone-{time.monotonic_ns()}"
    front.add_user(name, PASSWORD, "member")
    front.doorward("user", "set", name, "--mail", f"{name}@example.org", "--verified")
    user = id_of(front, name)
    other, api = log_in(front, name, PASSWORD), json_login(front, name, PASSWORD).json()
    client = log_in(front, name, PASSWORD)
    page = client.get("/account/delete")
    assert page.status_code == 200 and "/account/data" in page.text
    answer = delete(client)
    assert answer.status_code == 303 and answer.headers["Location"] == "/account/gone"
    assert "__Host-doorward" not in client.cookies
    assert "is deleted" in client.get("/account/gone").text
    assert other.get("/protected").status_code == 303
    assert other.get("/account").status_code == 303
    assert Client(front).get("/protected", headers=bearer(api["token"])).status_code == 401
    assert Client(front).post("/login/refresh", json={
        "refresh_token": api["refresh_token"]}).status_code == 401
    assert json_login(front, name, PASSWORD).status_code == 401
    rows = front.sql("select event, name, address, detail from doorward.audit"
                     f" where user_id = '{user}'").splitlines()
    assert {row.split("|", 1)[1] for row in rows} == {"||"}
    assert {"login_ok", "user_deleted"} <= {row.split("|")[0] for row in rows}
    tables = front.sql("select tablename from pg_tables where schemaname = 'doorward'"
                       " and tablename <> 'audit'").split()
    for table in tables:
        text = front.sql(f"select coalesce(string_agg(t::text, '|'), '') from doorward.{table} t"
                         + (" where template <> 'account-deleted'" if table == "outbox" else ""))
        assert user not in text and name not in text, table
    assert front.sql("select recipient, user_id is null from doorward.outbox where template ="
                     f" 'account-deleted' and recipient = '{name}@example.org'").strip() \
        == f"{name}@example.org|t"


@pytest.mark.parametrize("sure", [None, "", "no", ["yes", "yes"]])
def test_who_is_not_sure_stays(apache, ann, sure):
    client = log_in(apache, ann, PASSWORD)
    answer = delete(client, sure=sure)
    assert answer.status_code in (400, 422)
    if answer.status_code == 422:
        assert 'role="alert"' in answer.text and "Nothing was deleted" in answer.text
    assert json_login(apache, ann, PASSWORD).status_code == 200


def test_a_second_try_finds_nobody(apache, ann):
    """Another tab: it is not signed in any more, and is told so."""
    client = log_in(apache, ann, PASSWORD)
    token, jar = form_token(client), dict(client.cookies)
    assert delete(client).status_code == 303
    again = Client(apache, browser=True).post(
        "/account/delete", data={"form_token": token, "sure": "yes"},
        headers={"Cookie": "; ".join(f"{key}={value}" for key, value in jar.items())})
    assert again.status_code == 401


def test_two_who_delete_at_once_delete_once(apache, ann):
    user = id_of(apache, ann)
    clients = [log_in(apache, ann, PASSWORD) for _ in range(6)]
    tokens = [form_token(client) for client in clients]
    answers = in_parallel(6, lambda i: clients[i].post(
        "/account/delete", data={"form_token": tokens[i], "sure": "yes"}))
    statuses = sorted(answer.status_code for answer in answers)
    assert statuses == [303] + [401] * 5, [a.headers.get("Location") for a in answers]
    assert apache.sql("select count(*) from doorward.audit where event = 'user_deleted'"
                      f" and user_id = '{user}'").strip() == "1"


def test_links_that_were_under_way_open_nothing_for_a_deleted_user(apache, ann):
    client = log_in(apache, ann, PASSWORD)
    client.post("/account/address", data={"form_token": form_token(client),
                                          "mail": f"new-{ann}@example.org"})
    user = id_of(apache, ann)
    link = apache.sql("select id from doorward.links where kind = 'change-address'"
                      f" and user_id = '{user}'").strip()
    delete(client)
    assert apache.sql("select outcome from doorward.link_use('change-address',"
                      f" '{link}', null, null, null, null)").strip() == "gone"


def test_nobody_gets_the_name_but_the_address_is_free(apache, ann):
    delete(log_in(apache, ann, PASSWORD))
    done = apache.doorward("user", "add", ann, "--no-password", check=False)
    assert done.returncode == 1 and "gave it up" in done.stderr
    done = apache.doorward("user", "add", f"{ann}2", "--no-password", "--mail",
                           f"{ann}@example.org", "--verified", check=False)
    assert done.returncode == 0, done.stderr


def test_a_user_without_an_address_leaves_without_a_mail(apache, ann):
    apache.doorward("user", "set", ann, "--no-mail")
    before = apache.sql("select count(*) from doorward.outbox")
    assert delete(log_in(apache, ann, PASSWORD)).status_code == 303
    assert apache.sql("select count(*) from doorward.outbox") == before


def test_what_the_verifiers_cannot_be_told_deletes_nobody(private_stack):
    """The revocation file cannot be written: 503, and it can be tried again."""
    stack = private_stack("apache", "cgi")
    stack.add_user("ann", PASSWORD, "member")
    client = log_in(stack, "ann", PASSWORD)
    token = form_token(client)
    stack.write_settings(revocation_file="/proc/no/such")
    answer = client.post("/account/delete", data={"form_token": token, "sure": "yes"})
    assert answer.status_code == 503
    stack.write_settings(revocation_file="run/revocations")
    assert id_of(stack, "ann") != ""
    answer = client.post("/account/delete", data={"form_token": token, "sure": "yes"})
    assert answer.status_code == 303 and id_of(stack, "ann") == ""


def test_a_token_that_a_broken_deletion_left_alive_dies_at_the_next_try(private_stack):
    """The program died after it had deleted the account, and before the verifiers were told."""
    stack = private_stack("apache", "cgi")
    stack.add_user("ann", PASSWORD, "member")
    client = log_in(stack, "ann", PASSWORD)
    token = form_token(client)
    sid = stack.sql("select sid from doorward.sessions").strip()
    assert stack.sql(f"select doorward.profile_delete('{id_of(stack, 'ann')}', '{sid}', false)"
                     ).strip() == "ok"
    assert sid not in revoked(stack)
    answer = client.post("/account/delete", data={"form_token": token, "sure": "yes"})
    assert answer.status_code in (303, 401)
    assert sid in revoked(stack)


def revoked(stack):
    with open(f"{stack.directory}/run/revocations", encoding="utf-8") as f:
        return f.read()

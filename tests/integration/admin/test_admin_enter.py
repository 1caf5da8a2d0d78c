"""How people come in by an admin: added, or invited."""

import csv
import html
import io
import re
import uuid

import pytest

from admin import (add_person, admin, find_form, get_page, new_name, notice, person_page, press,
                   problem, user)
from client import Client, form_login, hidden_fields
from links import user_id

NEW = "herons wade in the shallows"
ADMINS = {}  # of each stack, one admin for all tests


@pytest.fixture(name="client")
def _client(apache):
    if apache.directory not in ADMINS:
        ADMINS[apache.directory] = admin(apache)
    return ADMINS[apache.directory]


def send(client, path, do, /, **fields):
    """Open the page, fill in its form, press its button; the answer."""
    return press(client, get_page(client, path), do, **fields)


def mails(stack, address):
    """The templates of the mails that wait for this address."""
    rows = stack.sql(f"select template from doorward.outbox where recipient = '{address}' order by id")
    return [row for row in rows.split("\n") if row]


def test_somebody_with_an_address_is_mailed_a_link_and_has_the_roles(apache, client):
    name = new_name()
    answer = send(client, "/admin/people/add", "add", name=name, address=f"{name}@example.org",
                  display_name="Ann Example", roles="member, editor")
    assert answer.headers["Location"] == f"/admin/person?name={name}&done=added"
    assert "mail" in notice(client.get(answer.headers["Location"]).text)
    shown = user(apache, name)
    assert sorted(shown["roles"]) == ["editor", "member"]
    assert shown["display_name"] == "Ann Example"
    assert mails(apache, f"{name}@example.org") == ["welcome"]
    assert "not confirmed" in person_page(client, name)


def test_somebody_without_an_address_gets_a_link_that_is_shown_once_and_works(apache, client):
    name = new_name()
    answer = send(client, "/admin/people/add", "add", name=name)
    assert answer.status_code == 200
    link = html.unescape(re.search(r"http[^<]*(/account/link\?token=[^<\s]+)", answer.text)[1])
    browser = Client(apache, browser=True)
    page = browser.get(browser.get(link).headers["Location"]).text
    sent = browser.post("/account/link", data=dict(hidden_fields(page), password=NEW, repeat=NEW))
    assert sent.status_code == 303
    assert form_login(apache, name, NEW)[1].status_code == 303
    again = Client(apache, browser=True)
    used = again.get(link)
    assert used.status_code != 303 or "token" not in used.headers["Location"]


@pytest.mark.parametrize("fields,words", [
    ({"name": ""}, "cannot be a name"),
    ({"name": "alice"}, "taken"),
    ({"name": "a\u202eb"}, "cannot be a name"),
    ({"name": "x" * 300}, "cannot be a name"),
    ({"name": "ann@example.org"}, "verified address"),
    ({"address": "nowhere"}, "not a mail address"),
    ({"display_name": "a\u200fb"}, "cannot be a display name"),
    ({"roles": "a/b"}, "cannot be roles")],
    ids=["empty", "taken", "bidi", "long", "address-as-name", "address", "display", "roles"])
def test_what_cannot_be_is_refused_and_stays_in_the_form(apache, client, fields, words):
    before = apache.sql("select count(*) from doorward.users")
    typed = {"name": new_name(), "address": "", "display_name": "Ann", "roles": "member", **fields}
    answer = send(client, "/admin/people/add", "add", **typed)
    assert answer.status_code == 422
    assert words in problem(answer.text)
    form = find_form(answer.text, "add")
    for name in ("address", "roles"):
        assert form.fields[name] == typed[name]
    assert apache.sql("select count(*) from doorward.users") == before


def test_an_address_of_another_account_is_refused(apache, client):
    owner = add_person(apache, address=True)
    answer = send(client, "/admin/people/add", "add", name=new_name(),
                  address=f"{owner}@example.org".upper())
    assert answer.status_code == 422
    assert "Another account" in problem(answer.text)


def test_a_name_that_was_given_up_is_refused(apache, client):
    name = add_person(apache)
    apache.doorward("user", "delete", name, "--yes")
    answer = send(client, "/admin/people/add", "add", name=name)
    assert answer.status_code == 422
    assert "a short time ago" in problem(answer.text)


def test_a_role_beyond_ones_rights_cannot_be_given_to_somebody_new(apache):
    apache.doorward("role", "allow", "greeters", "member")
    helper, name = admin(apache, "greeters"), new_name()
    answer = send(helper, "/admin/people/add", "add", name=name, roles="member doorward-admin")
    assert answer.status_code == 403
    assert "may not give" in problem(answer.text)
    assert user(apache, name) is None
    invited = send(helper, "/admin/people/invite", "invite", address=f"{name}@example.org",
                   roles="doorward-admin")
    assert invited.status_code == 403
    assert mails(apache, f"{name}@example.org") == []


def test_a_reload_of_the_page_with_the_link_adds_nobody_twice(apache, client):
    name = new_name()
    form = find_form(get_page(client, "/admin/people/add"), "add")
    fields = {**form.fields, "name": name, "do": "add"}
    assert client.post(form.action, data=fields).status_code == 200
    again = client.post(form.action, data=fields)
    assert again.status_code == 422
    assert "token=" not in again.text


# ---- invitations ----

def invite(client, address, roles="member"):
    """Invite somebody; the answer."""
    return send(client, "/admin/people/invite", "invite", address=address, roles=roles)


def row_of(page, address):
    """The item of the list for this address, with its forms."""
    return next((item for item in re.findall(r"<li>(.*?)</li>", page, re.S)
                 if f"<bdi>{address}</bdi>" in item), None)


def test_an_invitation_is_mailed_listed_mailed_again_and_withdrawn(apache, client):
    address = f"{new_name()}@example.org"
    answer = invite(client, address, "member editor")
    assert answer.headers["Location"] == "/admin/invitations?done=invited"
    assert mails(apache, address) == ["invite"]
    page = client.get(answer.headers["Location"]).text
    assert "Invited." in notice(page)
    row = row_of(page, address)
    assert "member editor" in row
    again = press(client, row, "resend")
    assert "again" in notice(client.get(again.headers["Location"]).text)
    assert mails(apache, address) == ["invite"]
    gone = press(client, row, "withdraw")
    assert "Withdrawn." in notice(client.get(gone.headers["Location"]).text)
    assert row_of(get_page(client, "/admin/invitations"), address) is None
    assert mails(apache, address) == []
    for do in ("resend", "withdraw"):
        late = press(client, row, do)
        assert late.status_code == 404
        assert "not open any more" in problem(late.text)


def test_the_list_of_invitations_is_a_file_too(client):
    address = f"{new_name()}@example.org"
    invite(client, address, "member editor")
    assert 'href="/admin/invitations.csv"' in client.get("/admin/invitations").text
    answer = client.get("/admin/invitations.csv")
    assert answer.headers["Content-Type"].startswith("text/csv")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="invitations.csv"'
    rows = {row["address"]: row for row in csv.DictReader(io.StringIO(answer.text, newline=""))}
    assert rows[address].keys() == {"address", "roles", "uses_left", "made_at", "ends_at", "state"}
    assert sorted(rows[address]["roles"].split()) == ["editor", "member"]
    assert rows[address]["state"] == "good" and rows[address]["uses_left"] == "1"


@pytest.mark.parametrize("address", ["", "nobody", "a b@example.org", "a\u202e@example.org"],
                         ids=["empty", "word", "blank", "bidi"])
def test_no_invitation_is_sent_to_what_is_no_address(apache, client, address):
    before = apache.sql("select count(*) from doorward.links")
    answer = invite(client, address)
    assert answer.status_code == 422
    assert "not a mail address" in problem(answer.text)
    assert apache.sql("select count(*) from doorward.links") == before


def test_nobody_is_invited_to_an_address_that_an_account_has(apache, client):
    owner = add_person(apache, address=True)
    assert "Another account" in problem(invite(client, f"{owner}@example.org").text)


def test_invitations_beyond_ones_rights_are_seen_and_not_touched(apache, client):
    apache.doorward("role", "allow", "hosts", "member")
    helper, address = admin(apache, "hosts"), f"{new_name()}@example.org"
    invite(client, address, "board")
    row = row_of(get_page(helper, "/admin/invitations"), address)
    assert "<form" not in row
    theirs = find_form(row_of(get_page(client, "/admin/invitations"), address), "withdraw")
    token = find_form(get_page(helper, "/admin/people/invite"), "invite").fields["form_token"]
    for do in ("resend", "withdraw"):
        answer = helper.post("/admin/invitations", data={
            "form_token": token, "id": theirs.fields["id"], "do": do})
        assert answer.status_code == 403
    assert row_of(get_page(client, "/admin/invitations"), address)


def test_those_who_registered_themselves_are_not_in_the_list(apache, client):
    address = f"{new_name()}@example.org"
    link = apache.sql("select doorward.link_make('invite', null, null,"
                      f" '{{\"address\": \"{address}\", \"self\": true}}', 1, null, null, null,"
                      " 'user')").strip()
    assert address not in get_page(client, "/admin/invitations")
    form = find_form(get_page(client, "/admin/people/invite"), "invite")
    answer = client.post("/admin/invitations", data={
        "form_token": form.fields["form_token"], "id": link, "do": "withdraw"})
    assert answer.status_code == 404
    assert apache.sql(f"select uses_left from doorward.links where id = '{link}'") == "1"


def test_a_link_that_was_not_mailed_can_only_be_withdrawn(apache, client):
    link = apache.sql("select doorward.link_make('invite', null, null, '{}', 5, null, null, null,"
                      " 'operator')").strip()
    page = get_page(client, "/admin/invitations")
    row = next(item for item in re.findall(r"<li>(.*?)</li>", page, re.S) if link in item)
    assert "5 uses left" in row
    assert find_form(row, "resend") is None
    form = find_form(row, "withdraw")
    forced = client.post(form.action, data={**form.fields, "do": "resend"})
    assert forced.status_code == 409
    assert press(client, row, "withdraw").status_code == 303


def test_the_list_goes_on_by_key(apache, client):
    mark = new_name("i")
    apache.sql("insert into doorward.links (kind, data, created_at, ends_at, uses_left) select"
               f" 'invite', jsonb_build_object('address', '{mark}' || n || '@example.org'),"
               " doorward.now() - n * interval '1 s', doorward.now() + interval '1 day', 1"
               " from generate_series(1, 230) n")
    seen, path = [], "/admin/invitations"
    while path:
        page = get_page(client, path)
        seen += re.findall(rf"<bdi>{mark}(\d+)@", page)
        more = re.search(r'href="(/admin/invitations\?after=[^"]*)"', page)
        path = html.unescape(more[1]) if more else None
    assert seen == [str(n) for n in range(1, 231)]
    apache.sql(f"delete from doorward.links where data ->> 'address' like '{mark}%'")


@pytest.mark.parametrize("after", ["x", "1.2", ".", f"-1.{uuid.uuid4()}", f"9.{uuid.uuid4()}x",
                                   f"99999999999999999999.{uuid.uuid4()}"],
                         ids=["word", "no-id", "dot", "negative", "long-id", "huge"])
def test_a_made_up_key_is_refused(client, after):
    assert client.get("/admin/invitations", params={"after": after}).status_code == 400


def test_a_key_of_no_row_is_only_a_place(client):
    key = f"1.{uuid.uuid4()}"
    assert client.get("/admin/invitations", params={"after": key}).status_code == 200


@pytest.mark.parametrize("path,do,fields", [
    ("/admin/people/add", "add", {"name": "forged"}),
    ("/admin/people/invite", "invite", {"address": "forged@example.org"}),
    ("/admin/invitations", "withdraw", {"id": str(uuid.uuid4())})])
def test_forged_forms_and_forms_from_other_sites_are_refused(apache, client, path, do, fields):
    data = {**fields, "do": do}
    assert client.post(path, data={**data, "form_token": "forged"}).status_code == 403
    token = find_form(get_page(client, "/admin/people/add"), "add").fields["form_token"]
    other = client.post(path, data={**data, "form_token": token},
                        headers={"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"})
    assert other.status_code == 403
    assert user(apache, "forged") is None
    assert mails(apache, "forged@example.org") == []


def test_a_made_up_button_does_nothing(apache, client):
    token = find_form(get_page(client, "/admin/people/add"), "add").fields["form_token"]
    answer = client.post("/admin/invitations", data={"form_token": token, "do": "eat",
                                                     "id": user_id(apache, "alice")})
    assert answer.status_code == 400

"""The list of people, and what admins do to one of them."""

import html
import re
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
import revoked

from admin import (PASSWORD, act, add_person, admin, events, find_form, forms, get_page, new_name,
                   notice, person_page, press, problem, user)
from client import Client, bearer, claims, form_login, hidden_fields, json_login
from codes import Made
from factor_rows import add_app, add_codes, add_passkey
from links import literal, user_id


def names(page):
    """The people in a list."""
    return [html.unescape(name) for name in
            re.findall(r'<a href="/admin/person\?name=[^"]*"><bdi>(.*?)</bdi></a>', page)]


def found(client, **query):
    """The people whom a search finds."""
    return names(get_page(client, "/admin/people", **query))


def can_log_in(stack, name, password=PASSWORD):
    """Whether the password opens a session."""
    return form_login(stack, name, password)[1].status_code == 303


ADMINS = {}  # of each stack, one admin for all tests


@pytest.fixture(name="client")
def _client(apache):
    if apache.directory not in ADMINS:
        ADMINS[apache.directory] = admin(apache)
    return ADMINS[apache.directory]


# ---- the list ----

def test_people_are_found_by_the_beginning_of_name_and_address_by_role_and_by_state(
        apache, client):
    mark = new_name("s")
    one = add_person(apache, "member", f"r{mark}", name=f"{mark}-One")
    two = add_person(apache, "member", name=f"x{mark}", address=f"{mark}-two@example.org")
    three = add_person(apache, f"r{mark}", name=f"{mark}-three")
    apache.doorward("user", "disable", three)
    assert found(client, q=mark.upper()) == [one, three, two]
    assert found(client, q=f"{mark}-two@") == [two]
    assert found(client, role=f"r{mark}") == [one, three]
    assert found(client, role=f"r{mark}", state="disabled") == [three]
    assert found(client, q=mark, state="enabled") == [one, two]
    assert found(client, q=mark[1:] + "nowhere") == []


def test_the_search_is_a_get_form_that_keeps_what_was_typed(client):
    page = get_page(client, "/admin/people", q='a"b<i>', role="editor", state="disabled")
    form = re.search(r'<form method="get" action="/admin/people"[^>]*>(.*?)</form>', page, re.S)[1]
    assert 'name="q" type="search" value="a&quot;b&lt;i&gt;"' in form
    assert 'name="role" type="text" value="editor"' in form
    assert '<option value="disabled" selected>' in form


def test_a_long_list_goes_on_by_key_and_each_person_is_on_one_page(apache, client):
    mark = new_name("l")
    wanted = [f"{mark}-{n:03d}" for n in range(120)]
    apache.sql("insert into doorward.users (name, password_at, created_at) select"
               f" '{mark}-' || lpad(n::text, 3, '0'), now(), now() from generate_series(0, 119) n")
    seen, path = [], f"/admin/people?q={mark}"
    while path:
        page = get_page(client, path)
        seen += names(page)
        more = re.search(r'href="(/admin/people\?q=[^"]*after=[^"]*)"', page)
        path = html.unescape(more[1]) if more else None
    assert seen == wanted


@pytest.mark.parametrize("after", ["zzzz", "'; drop table doorward.users; --", "\u202eanna", "x" * 3000],
                         ids=["word", "sql", "bidi", "long"])
def test_a_made_up_key_of_a_page_is_only_a_place_in_the_list(client, after):
    assert client.get("/admin/people", params={"after": after}).status_code == 200


def test_a_search_of_ten_kilobytes_finds_nobody_and_breaks_nothing(client):
    answer = client.get("/admin/people", params={"q": "a" * 10240})
    assert answer.status_code in (200, 400, 414, 431)
    assert names(answer.text) == []
    assert client.get("/admin/people").status_code == 200


@pytest.mark.parametrize("query", ["q=%ff", "q=a&q=b", "state=" + "x" * 40, "q=%00"],
                         ids=["utf8", "twice", "long", "nul"])
def test_a_malformed_search_is_refused(client, query):
    assert client.get(f"/admin/people?{query}").status_code == 400


def test_markup_in_names_is_text(apache, client):
    name = f"<b>{uuid.uuid4().hex[:8]}\"'&amp;</b>"
    add_person(apache, name=name)
    page = get_page(client, "/admin/people", q="<b>")
    assert name in names(page)
    assert "<b>" not in page.replace("<bdi>", "")
    shown = person_page(client, name)
    assert html.escape(name, quote=False).replace('"', "&quot;").replace("'", "&#39;") in shown
    assert act(client, name, "disable").status_code == 303
    assert user(apache, name)["disabled"]


# ---- one person ----

def test_the_page_of_a_person_shows_profile_roles_state_sessions_links_and_events(
        apache, client):
    name = add_person(apache, "member", "editor", address=True)
    form_login(apache, name, PASSWORD)
    apache.doorward("user", "set", name, "--display-name", "Ann Example")
    page = person_page(client, name)
    for text in (name, "Ann Example", f"{name}@example.org", ">editor<", ">enabled<", "127.0.0.1",
                 "<td data-label=\"What\">Signed in<", "<td data-label=\"What\">Added<"):
        assert text in page, text


def test_there_is_no_page_for_somebody_who_does_not_exist(client):
    answer = client.get("/admin/person", params={"name": "no-such-person"})
    assert answer.status_code == 404
    assert "no such person" in answer.text
    assert client.get("/admin/person").headers["Location"] == "/admin/people"


def test_disable_ends_the_sessions_at_once_and_enable_lets_in_again(apache, client):
    name = add_person(apache, "member")
    browser, _ = form_login(apache, name, PASSWORD)
    assert browser.get("/protected").status_code == 200
    answer = act(client, name, "disable")
    assert answer.status_code == 303
    assert notice(client.get(answer.headers["Location"]).text).startswith("Disabled.")
    assert browser.get("/protected").status_code == 303
    assert not can_log_in(apache, name)
    assert find_form(person_page(client, name), "disable") is None
    act(client, name, "enable")
    assert can_log_in(apache, name)
    assert events(apache, name, "user_disabled")[0][0] == f"admin:{client.name}"


def test_end_signs_out_everywhere(apache, client):
    name = add_person(apache, "member")
    browser, _ = form_login(apache, name, PASSWORD)
    assert act(client, name, "end").status_code == 303
    assert browser.get("/protected").status_code == 303
    assert can_log_in(apache, name)


def test_role_sets_all_roles_and_the_sessions_get_them(apache, client):
    name = add_person(apache, "member", "old")
    assert act(client, name, "role", roles=" member,editor  editor").status_code == 303
    assert sorted(user(apache, name)["roles"]) == ["editor", "member"]
    assert act(client, name, "role", roles="").status_code == 303
    assert user(apache, name)["roles"] == []


def test_roles_that_cannot_be_are_refused_and_stay_in_the_form(apache, client):
    name = add_person(apache, "member")
    answer = act(client, name, "role", roles="member sch\u00f6n")
    assert answer.status_code == 422
    assert "cannot be roles" in problem(answer.text)
    assert find_form(answer.text, "role").fields["roles"] == "member sch\u00f6n"
    many = act(client, name, "role", roles=" ".join(f"r{n}" for n in range(100)))
    assert many.status_code == 422
    assert user(apache, name)["roles"] == ["member"]


def test_rename_keeps_the_account_and_leads_to_its_new_name(apache, client):
    name, other = add_person(apache, "member"), new_name()
    before = user_id(apache, name)
    answer = act(client, name, "rename", name=other)
    assert answer.headers["Location"] == f"/admin/person?name={other}&done=renamed"
    assert user_id(apache, other) == before
    assert can_log_in(apache, other)


@pytest.mark.parametrize("new,words", [
    ("", "cannot be a name"), ("a\u202eb", "cannot be a name"), ("x" * 300, "cannot be a name"),
    ("alice", "taken"), ("ann@example.org", "verified address")],
    ids=["empty", "bidi", "long", "taken", "address"])
def test_a_name_that_cannot_be_is_refused(apache, client, new, words):
    name = add_person(apache, "member")
    answer = act(client, name, "rename", name=new)
    assert answer.status_code == 422
    assert words in problem(answer.text)
    assert user(apache, name)["name"] == name


def test_profile_sets_the_display_name_and_an_address_that_has_to_be_confirmed(apache, client):
    name = add_person(apache, "member", address=True)
    assert act(client, name, "profile", display_name="Ann <3",
               address=f"{name}@example.net").status_code == 303
    shown = user(apache, name)
    assert shown["display_name"] == "Ann <3"
    assert shown["address"] == f"{name}@example.net"
    assert "not confirmed" in person_page(client, name)


@pytest.mark.parametrize("fields,words", [
    ({"display_name": "a\u202eb"}, "cannot be a display name"),
    ({"display_name": "x" * 101}, "cannot be a display name"),
    ({"address": "no address"}, "not a mail address")],
    ids=["bidi", "long", "address"])
def test_a_profile_that_cannot_be_is_refused(apache, client, fields, words):
    name = add_person(apache, "member", address=True)
    answer = act(client, name, "profile", **fields)
    assert answer.status_code == 422
    assert words in problem(answer.text)
    assert user(apache, name)["address"] == f"{name}@example.org"


def test_an_address_that_somebody_has_proved_to_be_theirs_is_refused(apache, client):
    owner = add_person(apache, address=True)
    name = add_person(apache)
    answer = act(client, name, "profile", address=f"{owner}@example.org")
    assert answer.status_code == 422
    assert "Another account" in problem(answer.text)


def test_a_reset_link_goes_to_the_verified_address_and_is_not_shown(apache, client):
    name = add_person(apache, "member", address=True)
    answer = act(client, name, "reset")
    assert answer.status_code == 303
    page = client.get(answer.headers["Location"]).text
    assert "mailed" in notice(page)
    assert "token=" not in page
    assert apache.sql("select o.recipient from doorward.outbox o join doorward.links l"
                      " on l.id = o.link_id where l.kind = 'reset' and l.user_id ="
                      f" '{user_id(apache, name)}'") == f"{name}@example.org"


def test_a_reset_link_is_shown_once_to_whoever_has_no_address_and_it_works(apache, client):
    name = add_person(apache, "member")
    answer = act(client, name, "reset")
    assert answer.status_code == 200
    link = html.unescape(re.search(r"http[^<]*/account/link\?token=[^<\s]+", answer.text)[0])
    assert "token=" not in person_page(client, name)
    browser = Client(apache, browser=True)
    opened = browser.get(link[link.index("/account"):])
    page = browser.get(opened.headers["Location"]).text
    new = "herons wade in the shallows"
    sent = browser.post("/account/link", data=dict(hidden_fields(page), password=new, repeat=new))
    assert sent.status_code == 303, sent.text
    assert can_log_in(apache, name, new)
    assert not can_log_in(apache, name)
    assert ("admin:" + client.name, "reset-shown") in events(apache, name, "link_made")


def test_no_link_is_shown_for_somebody_with_a_factor(apache, client):
    name = add_person(apache, "member")
    form = find_form(person_page(client, name), "reset")
    add_app(apache, user_id(apache, name))
    assert find_form(person_page(client, name), "reset") is None
    fields = client_fields(apache, name, form)
    answer = client.post(form.action, data={**fields, "do": "reset"})
    assert answer.status_code == 409
    assert "second factor" in problem(answer.text)
    assert "token=" not in answer.text


def test_factors_are_taken_away_with_a_mail_to_the_person(apache, client):
    name = add_person(apache, "member", address=True)
    for add in (add_app, add_passkey, add_codes):
        add(apache, user_id(apache, name))
    page = person_page(client, name)
    for text in ("One-time codes", "Blue key", "10 left"):
        assert text in page, text
    assert press(client, page, "factor").status_code == 303
    after = person_page(client, name)
    assert find_form(after, "factor") is None
    assert "Blue key" not in after
    assert apache.sql("select template from doorward.outbox where recipient ="
                      f" '{name}@example.org'") == "factor-reset"
    assert events(apache, name, "factor_reset")[0][0] == f"admin:{client.name}"


def test_tokens_for_programs_are_shown_and_end_all_at_once(apache, client):
    name = add_person(apache, "member")
    held = apache.doorward("token", "issue", "--sub", user_id(apache, name), "--role",
                           "member").strip()
    assert Client(apache).get("/protected", headers=bearer(held)).status_code == 200
    page = person_page(client, name)
    assert "with the roles member" in page
    assert press(client, page, "programs").status_code == 303
    assert Client(apache).get("/protected", headers=bearer(held)).status_code == 401
    after = person_page(client, name)
    assert find_form(after, "programs") is None
    late = client.post("/admin/person", data={
        **client_fields(apache, name, find_form(after, "end")), "do": "programs"})
    assert late.status_code == 409
    assert "nothing left" in problem(late.text)


def test_apps_that_a_person_let_in_are_shown_and_end_all_at_once(apache, client):
    name = add_person(apache, "member")
    page = person_page(client, name)
    assert "Apps that this person has let in" in page and find_form(page, "apps") is None
    cloud, wiki = Made(apache), Made(apache)
    cloud.change(name="The <cloud>")
    session = json_login(apache, name, PASSWORD).json()["token"]
    held = [(app, app.got(session)) for app in (cloud, wiki)]
    user = user_id(apache, name)
    apache.sql(f"insert into doorward.oauth_consents values ('{user}', '{wiki.id}', '{{openid}}',"
               " doorward.now())")
    page = person_page(client, name)
    assert "The &lt;cloud&gt;" in page and wiki.id in page
    files = [f"{apache.directory}/run/revocations{end}" for end in ("", ".later")]
    before = [read_bytes(path) for path in files]
    assert press(client, page, "apps").status_code == 303
    for app, tokens in held:
        assert app.userinfo(tokens).status_code == 401
        assert app.refresh(tokens).status_code == 400
    assert Client(apache).get("/protected", headers=bearer(session)).status_code == 200
    assert apache.sql(f"select count(*) from doorward.oauth_consents where user_id = '{user}'") == "0"
    actors = [actor for actor, *_ in events(apache, name, "oauth_grant_ended")]
    assert actors == [f"admin:{client.name}"] * 2
    assert events(apache, name, "oauth_withdrawn")[0][0] == f"admin:{client.name}"
    after = person_page(client, name)
    assert find_form(after, "apps") is None
    late = client.post("/admin/person", data={
        **client_fields(apache, name, find_form(after, "end")), "do": "apps"})
    assert late.status_code == 409 and "nothing left" in problem(late.text)
    for path, old in zip(files, before):  # as if nobody had been told
        with open(path, "wb") as f:
            f.write(old)
    sids = {claims(tokens["access_token"])["sid"] for _, tokens in held}
    assert not any(sid in revoked.read(files[0]) for sid in sids)
    assert client.post("/admin/person", data={
        **client_fields(apache, name, find_form(after, "end")), "do": "apps"}).status_code == 409
    assert all(sid in revoked.read(files[0]) for sid in sids)


def read_bytes(path):
    with open(path, "rb") as f:
        return f.read()


def test_wrong_tries_are_forgotten(apache, client):
    name = add_person(apache, "member")
    for _ in range(12):
        form_login(apache, name, "a wrong guess")
    assert form_login(apache, name, PASSWORD)[1].status_code == 429
    page = person_page(client, name)
    assert "has to wait" in page
    assert press(client, page, "unlock").status_code == 303
    assert can_log_in(apache, name)


def test_the_last_admin_stays(apache):
    only = admin(apache)
    others = [line for line in apache.sql(
        "select name from doorward.users where 'doorward-admin' = any(roles) and not disabled"
        f" and name <> '{only.name}'").split("\n") if line]
    for name in others:
        apache.doorward("user", "disable", name)
    try:
        page = person_page(only, only.name)
        assert "last person" in page
        form = find_form(page, "role")
        for fields in ({"do": "disable"}, {"do": "delete"}, {"do": "role", "roles": "member"}):
            answer = only.post(form.action, data={**form.fields, **fields})
            assert answer.status_code == 409, fields
            assert "last person" in problem(answer.text)
        assert user(apache, only.name)["roles"] == ["doorward-admin"]
        assert not user(apache, only.name)["disabled"]
        page = only.get("/account/delete").text
        answer = only.post("/account/delete", data={**hidden_fields(page), "sure": "yes"})
        assert answer.status_code == 409
        assert "last person" in problem(answer.text)
        assert user(apache, only.name)
    finally:
        for name in others:
            apache.doorward("user", "enable", name)
        ADMINS.clear()  # their sessions have ended


def test_delete_removes_the_person_and_leads_to_the_list(apache, client):
    name = add_person(apache, "member", address=True)
    browser, _ = form_login(apache, name, PASSWORD)
    answer = act(client, name, "delete")
    assert answer.headers["Location"] == "/admin/people?done=deleted"
    assert user(apache, name) is None
    assert browser.get("/protected").status_code == 303
    again = client.get("/admin/person", params={"name": name})
    assert again.status_code == 404


# ---- what is refused ----

def test_two_admins_at_one_person_the_second_sees_what_changed_and_nothing_is_done(
        apache, client):
    name, other = add_person(apache, "member"), admin(apache)
    page = person_page(client, name)
    act(other, name, "role", roles="member editor")
    answer = press(client, page, "disable")
    assert answer.status_code == 409
    assert "Somebody has changed" in problem(answer.text)
    assert ">editor<" in answer.text
    assert not user(apache, name)["disabled"]
    assert press(client, answer.text, "disable").status_code == 303
    assert user(apache, name)["disabled"]


def test_a_form_sent_twice_does_its_work_once(apache, client):
    name = add_person(apache, "member")
    page = person_page(client, name)
    assert press(client, page, "disable").status_code == 303
    assert press(client, page, "disable").status_code == 409
    assert len(events(apache, name, "user_disabled")) == 1


def test_a_form_for_somebody_who_was_deleted_meanwhile_gets_404(apache, client):
    name = add_person(apache, "member")
    page = person_page(client, name)
    apache.doorward("user", "delete", name, "--yes")
    assert press(client, page, "disable").status_code == 404


def test_a_forged_form_is_refused(apache, client):
    name = add_person(apache, "member")
    page = person_page(client, name)
    theirs = find_form(person_page(admin(apache), name), "disable").fields["form_token"]
    for token in ("", "x" * 200, theirs):
        assert press(client, page, "disable", form_token=token).status_code == 403
    assert press(client, page, "disable", form_token="x" * 300).status_code == 400
    assert not user(apache, name)["disabled"]


def test_a_form_from_another_site_is_refused(apache, client):
    name = add_person(apache, "member")
    form = find_form(person_page(client, name), "disable")
    answer = client.post(form.action, data={**form.fields, "do": "disable"},
                         headers={"Origin": "https://evil.example",
                                  "Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
    assert not user(apache, name)["disabled"]


@pytest.mark.parametrize("changes,status", [
    ({"do": "explode"}, 400), ({"do": ""}, 400), ({"user": "nobody"}, 404),
    ({"user": str(uuid.uuid4())}, 404), ({"seen": "0" * 32}, 409), ({"seen": ""}, 409)])
def test_a_form_with_made_up_values_does_nothing(apache, client, changes, status):
    name = add_person(apache, "member")
    form = find_form(person_page(client, name), "disable")
    answer = client.post(form.action, data={**form.fields, "do": "disable", **changes})
    assert answer.status_code == status, answer.text
    assert not user(apache, name)["disabled"]


def test_a_role_that_is_taken_away_while_the_page_is_open_stops_its_buttons(apache):
    name, leaving = add_person(apache, "member"), admin(apache)
    page = person_page(leaving, name)
    apache.doorward("user", "role", leaving.name, "--remove", "doorward-admin")
    assert press(leaving, page, "disable").status_code in (401, 403)
    assert not user(apache, name)["disabled"]


def test_a_stale_login_is_led_to_the_login_and_back_and_nothing_is_done(apache):
    name, tired = add_person(apache, "member"), admin(apache)
    page = person_page(tired, name)
    apache.sql("update doorward.sessions set auth_time = auth_time - interval '1 hour'"
               f" where user_id = '{user_id(apache, tired.name)}'")
    answer = press(tired, page, "disable")
    assert answer.status_code == 303
    assert f"/login?need=fresh&return_to=/admin/person%3Fname%3D{name}%26done%3Dagain" in \
        answer.headers["Location"]
    assert not user(apache, name)["disabled"]


def test_an_admin_with_some_rights_changes_only_people_within_them(apache):
    apache.doorward("role", "allow", "helpers", "member")
    helper = admin(apache, "helpers")
    within, beyond = add_person(apache, "member"), add_person(apache, "member", "board")
    page = person_page(helper, beyond)
    assert forms(page)[1:] == []  # only the one that signs out
    assert "may not give" in page
    form = find_form(person_page(helper, within), "disable")
    stolen = client_fields(apache, beyond, form)
    answer = helper.post(form.action, data={**stolen, "do": "disable"})
    assert answer.status_code == 403
    assert not user(apache, beyond)["disabled"]
    assert act(helper, within, "role", roles="member board").status_code == 403
    assert act(helper, within, "disable").status_code == 303
    assert user(apache, within)["roles"] == ["member"]


def client_fields(stack, name, form):
    """The fields of a form about somebody else, with the right version."""
    seen = stack.sql("select doorward.person_seen(u) from doorward.users u"
                     f" where u.name = {literal(name)}").strip()
    return {**form.fields, "user": user_id(stack, name), "seen": seen}


def test_other_methods_and_media_are_refused(client):
    assert client.put("/admin/person", data={"do": "disable"}).status_code == 405
    assert client.post("/admin/people", data={"q": "x"}).status_code == 405
    assert client.post("/admin/person", json={"do": "disable"}).status_code == 415


def test_of_two_admins_who_press_at_the_same_moment_one_does_it(apache, client):
    name, other = add_person(apache, "member"), admin(apache)
    pages = [(one, person_page(one, name)) for one in (client, other)]
    with ThreadPoolExecutor(2) as pool:
        answers = [pool.submit(press, one, page, "role", roles=f"member by{n}")
                   for n, (one, page) in enumerate(pages)]
    assert sorted(answer.result().status_code for answer in answers) == [303, 409]
    assert len(events(apache, name, "roles_changed")) == 1


def test_nothing_is_done_when_the_verifiers_cannot_be_told(private_stack):
    stack = private_stack("apache", "cgi")
    boss, name = admin(stack), add_person(stack, "member")
    page = person_page(boss, name)
    stack.write_settings(revocation_file="/proc/no/such")
    for do in ("disable", "end", "role", "delete"):
        assert press(boss, page, do, roles="other").status_code == 503
    shown = user(stack, name)
    assert (shown["disabled"], shown["roles"]) == (False, ["member"])
    stack.write_settings(revocation_file="run/revocations")
    assert press(boss, page, "disable").status_code == 303

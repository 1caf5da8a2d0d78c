"""The admin pages about the whole site: roles, what happened, logins, who waits, how it is."""

import csv
import html
import io
import re

import pytest

from admin import PASSWORD, add_person, admin, find_form, forms, get_page, new_name, notice, press, \
    problem
from client import Client, form_login
from links import user_id

PAGES = ["/admin", "/admin/roles", "/admin/roles/explain", "/admin/audit", "/admin/logins",
         "/admin/throttled", "/admin/status"]
LISTS = ["/admin/roles.csv", "/admin/audit.csv", "/admin/logins.csv", "/admin/throttled.csv"]


def rows(page):
    """The rows of the page's table, each as the texts of its cells."""
    body = page[page.index("<tbody>"):page.index("</tbody>")]
    return [[html.unescape(re.sub(r"<[^>]*>", " ", cell)).strip()
             for cell in re.findall(r"<t[hd]\b[^>]*>(.*?)</t[hd]>", row, re.S)]
            for row in re.findall(r"<tr>(.*?)</tr>", body, re.S)]


def get_csv(client, path, **query):
    """The rows of a list, each as a dict."""
    answer = client.get(path, params=query)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("text/csv; charset=utf-8")
    assert "attachment" in answer.headers["Content-Disposition"]
    return list(csv.DictReader(io.StringIO(answer.text, newline="")))


def guess(stack, name, tries=11):
    """Give wrong passwords for `name` until the last is not looked at any more."""
    answer = None
    for _ in range(tries):
        _, answer = form_login(stack, name, "wrong")
    return answer


# ---- who may ----

@pytest.mark.parametrize("path", PAGES + LISTS)
def test_every_page_refuses_people_without_the_right_and_programs(apache, path):
    member, _ = form_login(apache, add_person(apache, "member"), PASSWORD)
    assert member.get(path).status_code == 403
    assert Client(apache).get(path).status_code == 401


@pytest.mark.parametrize("path", PAGES + LISTS)
def test_every_page_shows_an_admin_something(apache, path):
    answer = admin(apache).get(path)
    assert answer.status_code == 200
    if path in PAGES:
        assert 'aria-current="page"' in answer.text and "<h1>" in answer.text


# ---- the overview ----

def test_the_overview_counts_people_and_leads_to_all_pages(apache):
    client = admin(apache)
    page = get_page(client, "/admin")
    people = apache.sql("select count(*) from doorward.users")
    assert f'<a href="/admin/people">{people}</a>' in page
    for path in PAGES[1:]:
        assert f'href="{path}"' in page


# ---- roles ----

def test_roles_are_listed_with_how_many_hold_them_and_with_their_rules(apache):
    role = new_name("role")
    add_person(apache, role)
    gone = add_person(apache, role)
    apache.doorward("user", "disable", gone)
    client = admin(apache)
    found = {row["role"]: row for row in get_csv(client, "/admin/roles.csv")}
    assert found[role]["people"] == "2" and found[role]["disabled"] == "1"
    assert found[role]["opens_admin"] == "no" and found[role]["may_give"] == "yes"
    assert found["doorward-admin"]["opens_admin"] == "yes"
    page = get_page(client, "/admin/roles", after=role[:-1])
    row = next(row for row in rows(page) if row[0].startswith(role))
    assert row[1] == "2 (1 disabled)" and row[2] == "No rule names it."
    assert f'href="/admin/people?role={role}"' in page


def test_a_rule_is_shown_with_the_role_that_it_names(apache):
    add_person(apache, "admin")
    page = get_page(admin(apache), "/admin/roles")
    assert next(row for row in rows(page) if row[0] == "admin")[2].startswith(
        "/members/admin any-of admin")


def test_a_made_up_page_key_is_only_a_place_in_the_order(apache):
    client = admin(apache)
    assert rows(get_page(client, "/admin/roles", after="~~~")) == [["Nobody holds a role."]]
    assert client.get("/admin/roles", params={"after": "x" * 300}).status_code == 400
    assert get_page(client, "/admin/throttled", after="'; drop table x --")
    assert get_page(client, "/admin/audit", before="1.1")
    assert get_page(client, "/admin/audit", before="nonsense")


# ---- rules explain as a form ----

def explain(client, status=200, **fields):
    return get_page(client, "/admin/roles/explain", status, **fields)


def test_the_form_explains_as_the_command_does(apache):
    client = admin(apache)
    name, boss = add_person(apache, "member"), add_person(apache, "admin")
    page = explain(client, person=name, address="/members/admin/x", method="GET")
    assert "<strong>No.</strong> A role is missing." in page
    assert "rule = /members/admin any-of admin" in page and "doorward.conf:" in page
    assert "<strong>Yes.</strong>" in explain(client, person=boss, address="/members/admin/x")
    assert "has to sign in first" in explain(client, address="/members/admin/x")
    assert "also without a login" in explain(client, address="/login")


def test_a_whole_address_of_the_site_is_understood_and_a_small_method(apache):
    page = explain(admin(apache), address=f"{apache.public_url}/members/?page=2#top", method="post")
    assert "<code>/members/</code>" in page and 'value="POST"' in page


def test_where_no_rule_names_the_path_the_page_shows_a_line_to_begin_with(apache):
    page = explain(admin(apache), address="/my%20files/x")
    assert "No rule names this path" in page
    assert "<code>rule = /my%20files/x signed-in</code>" in page


@pytest.mark.parametrize("fields, says", [
    ({"person": "nobody-has-this", "address": "/"}, "Nobody has this name"),
    ({"person": "x"}, "Enter an address"),
    ({"address": "https://elsewhere.test/"}, "not an address of this site"),
    ({"address": "members"}, "not an address of this site"),
    ({"address": "/a/../b"}, "could be read in two ways"),
    ({"address": "/", "method": "G E T"}, "not a method"),
])
def test_a_field_that_is_not_right_is_said_and_the_form_keeps_what_was_typed(apache, fields, says):
    page = explain(admin(apache), 422, **fields)
    assert says in problem(page)
    assert page.count('aria-invalid="true"') == 1
    for value in fields.values():
        assert f'value="{html.escape(value)}"' in page


def test_a_disabled_person_is_not_explained_as_if_they_could_sign_in(apache):
    name = add_person(apache, "member")
    apache.doorward("user", "disable", name)
    assert "disabled" in problem(explain(admin(apache), 422, person=name, address="/members/"))


# ---- what happened ----

def test_the_audit_shows_the_newest_first_and_finds_by_person_event_and_day(apache):
    client = admin(apache)
    name = add_person(apache, "member")
    apache.doorward("user", "disable", name)
    found = rows(get_page(client, "/admin/audit", person=name))
    assert [row[1].split()[-1] for row in found] == ["user_disabled", "user_added"]
    assert name in found[0][2] and found[0][3].startswith("operator:")
    found = rows(get_page(client, "/admin/audit", person=name, event="user_added"))
    assert [row[1].split()[-1] for row in found] == ["user_added"]
    day = apache.sql("select to_char(now() at time zone 'UTC', 'YYYY-MM-DD')")
    assert len(rows(get_page(client, "/admin/audit", person=name, since=day, until=day))) == 2
    assert rows(get_page(client, "/admin/audit", person=name, until="2020-01-01")) == [
        ["There is nothing that fits."]]


def test_the_audit_says_in_words_what_a_login_was_proved_by(apache):
    client = admin(apache)
    page = get_page(client, "/admin/audit", person=client.name, event="login_ok")
    assert rows(page)[0][5] == "by password"


def test_an_event_without_words_of_its_own_is_shown_by_its_name(apache):
    client = admin(apache)
    name = add_person(apache, "member")
    apache.sql("insert into doorward.audit (at, event, user_id, name) select now(), 'something_new',"
               f" id, name from doorward.users where name = '{name}'")
    assert rows(get_page(client, "/admin/audit", person=name))[0][1] == "something_new"
    assert "<code>something_new</code>" in get_page(client, "/admin/person", name=name)
    page = get_page(client, "/admin/audit", person=name, event="something_new")
    assert '<option value="something_new" selected>' in page


def test_an_id_finds_the_rows_of_somebody_who_was_deleted(apache):
    client = admin(apache)
    name = add_person(apache, "member")
    known = user_id(apache, name)
    apache.doorward("user", "delete", name)
    assert rows(get_page(client, "/admin/audit", person=name)) == [["There is nothing that fits."]]
    assert len(rows(get_page(client, "/admin/audit", person=known))) >= 2


def test_pages_of_the_audit_follow_each_other_without_a_gap(apache):
    client = admin(apache)
    name = add_person(apache, "member")
    known = user_id(apache, name)
    apache.sql("insert into doorward.audit (at, event, user_id, name, detail)"
               f" select now() - interval '1 hour', 'link_made', '{known}', '{name}', i::text"
               " from generate_series(1, 120) i")  # all in one moment
    path, seen = f"/admin/audit?person={name}&since=2020-01-01", []
    while path:
        page = get_page(client, path)
        seen += [row[5] for row in rows(page) if "link_made" in row[1]]
        more = re.search(r'href="([^"]*)">Older ones', page)
        path = html.unescape(more[1]) if more else None
    assert seen == [str(i) for i in range(120, 0, -1)]
    listed = get_csv(client, "/admin/audit.csv", person=name, event="link_made")
    assert [row["detail"] for row in listed] == seen


@pytest.mark.parametrize("fields, says", [
    ({"since": "2026-02-31"}, "not a day"), ({"until": "tomorrow"}, "not a day"),
    ({"since": "2026-02-03", "until": "2026-02-01"}, "not after the beginning"),
    ({"event": "DROP TABLE"}, "not the name of an event"),
])
def test_a_filter_that_is_not_right_is_said(apache, fields, says):
    client = admin(apache)
    assert says in problem(get_page(client, "/admin/audit", 422, **fields))
    assert client.get("/admin/audit.csv", params=fields).status_code == 422


def test_markup_bidi_controls_and_formulas_are_shown_harmless(apache):
    client = admin(apache)
    name = add_person(apache, "member")
    apache.sql("insert into doorward.audit (at, event, user_id, name, actor, detail) select now(),"
               f" 'link_made', id, name, '<i>x</i>', '=cmd|calc <script>\u202e' from doorward.users"
               f" where name = '{name}'")
    page = get_page(client, "/admin/audit", person=name, event="link_made")
    assert "<script>" not in page and "<i>x" not in page
    assert "<bdi>=cmd|calc &lt;script&gt;" in page
    assert get_csv(client, "/admin/audit.csv", person=name, event="link_made")[0]["detail"].startswith(
        "'=cmd")


def test_a_filter_of_10_kb_is_refused(apache):
    assert admin(apache).get("/admin/audit", params={"person": "x" * 10000}).status_code in (400, 414)


# ---- logins by day ----

def test_logins_are_counted_by_day_and_outcome(apache):
    client = admin(apache)
    apache.sql("insert into doorward.audit (at, event) select now() - interval '2 days',"
               " 'login_failed' from generate_series(1, 7)")
    apache.sql("delete from doorward.figures_days")
    apache.sql("update doorward.figures_days_counted set at = '-infinity', id = 0")
    day = apache.sql("select to_char(now() at time zone 'UTC' - interval '2 days', 'YYYY-MM-DD')")
    page = get_page(client, "/admin/logins")
    found = {row[0]: row for row in rows(page)}
    assert len(found) == 30 and found[day][2] == "7"
    get_page(client, "/admin/logins")  # nothing is counted twice
    listed = get_csv(client, "/admin/logins.csv")
    assert [row["number"] for row in listed if row["day"] == day
            and row["event"] == "login_failed"] == ["7"]


# ---- who has to wait ----

def test_a_person_who_has_to_wait_is_shown_and_unlocked(apache):
    client = admin(apache)
    name = add_person(apache, "member")
    assert guess(apache, name).status_code == 429
    assert "Somebody has to wait" in get_page(client, "/admin")
    page = get_page(client, "/admin/throttled")
    row = next(row for row in rows(page) if row[0] == name)
    assert row[1] == "Signing in" and row[2] == "1"
    listed = get_csv(client, "/admin/throttled.csv")
    assert [r["kind"] for r in listed if r["name"] == name] == ["name"]
    form = next(f for f in forms(page) if user_id(apache, name) in f.fields.get("bucket", ""))
    answer = client.post(form.action, data={**form.fields, "do": "unlock"})
    assert answer.status_code == 303 and answer.headers["Location"].startswith("/admin/throttled?")
    assert "looked at at once" in notice(get_page(client, answer.headers["Location"]))
    form_login(apache, name, PASSWORD)
    again = client.post(form.action, data={**form.fields, "do": "unlock"})
    assert "nothing to unlock" in notice(get_page(client, again.headers["Location"]))
    assert apache.sql("select actor || ' ' || host(address) from doorward.audit where event ="
                      f" 'user_unlocked' and name = '{name}'") == f"admin:{client.name} 127.0.0.1"


def test_an_address_that_has_to_wait_is_shown_and_unlocked(apache):
    client = admin(apache)
    apache.sql("insert into doorward.attempts (bucket, level, at, refused) select"
               " 'address:192.0.2.77', t.free + 10, now(), 3 from doorward.throttle t"
               " where t.kind = 'address'")
    page = get_page(client, "/admin/throttled")
    assert any(row[0] == "192.0.2.77" and row[2] == "3" for row in rows(page))
    form = next(f for f in forms(page) if f.fields.get("bucket") == "address:192.0.2.77")
    assert client.post(form.action, data={**form.fields, "do": "unlock"}).status_code == 303
    assert "192.0.2.77" not in get_page(client, "/admin/throttled")
    assert apache.sql("select detail from doorward.audit where event = 'address_unlocked'") == (
        "192.0.2.77")


def test_a_name_that_nobody_has_is_not_shown_and_its_hash_is_in_no_address(apache):
    client = admin(apache)
    hashes = apache.sql("insert into doorward.attempts (bucket, level, at, refused)"
                        " select 'name:' || encode(sha256(i::text::bytea), 'hex'), 20, now(), 1"
                        " from generate_series(1, 60) i returning bucket").split()
    page = get_page(client, "/admin/throttled")
    assert 'href="/admin/throttled?after=' in page  # there are more than one page looks at
    for known in hashes:
        assert known[5:] not in page
    apache.sql("delete from doorward.attempts where bucket like 'name:%' and level = 20")


def test_a_person_beyond_the_rights_has_no_button_and_the_database_refuses(apache):
    role, chief = new_name("desk"), add_person(apache, "doorward-admin")
    apache.doorward("role", "allow", role, "member")
    client = admin(apache, role)
    guess(apache, chief)
    page = get_page(client, "/admin/throttled")
    assert next(row for row in rows(page) if row[0] == chief)[4] == "not within your rights"
    token = find_form(get_page(admin_with_waiting(apache, client), "/admin/throttled"), "unlock")
    answer = client.post("/admin/throttled", data={
        **token.fields, "do": "unlock", "bucket": f"name:{user_id(apache, chief)}"})
    assert answer.status_code == 403
    assert guess(apache, chief, 1).status_code == 429
    apache.doorward("user", "unlock", chief)


def admin_with_waiting(apache, client):
    """The same admin, when somebody within the rights has to wait, too."""
    guess(apache, add_person(apache, "member"))
    return client


def test_forged_and_incomplete_forms_unlock_nobody(apache):
    client, other = admin(apache), admin(apache)
    name = add_person(apache, "member")
    guess(apache, name)
    bucket = f"name:{user_id(apache, name)}"
    theirs = find_form(get_page(other, "/admin/throttled"), "unlock").fields["form_token"]
    own = find_form(get_page(client, "/admin/throttled"), "unlock").fields["form_token"]
    for fields in ({"bucket": bucket, "do": "unlock"},
                   {"bucket": bucket, "do": "unlock", "form_token": theirs}):
        assert client.post("/admin/throttled", data=fields).status_code == 403
    assert client.post("/admin/throttled", data={"bucket": bucket, "form_token": own},
                       ).status_code == 422
    cross = client.post("/admin/throttled", data={"bucket": bucket, "do": "unlock",
                                                  "form_token": own},
                        headers={"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.test"})
    assert cross.status_code == 403
    assert guess(apache, name, 1).status_code == 429


def test_a_role_taken_away_while_the_page_is_open_unlocks_nobody(apache):
    client = admin(apache)
    name = add_person(apache, "member")
    guess(apache, name)
    page = get_page(client, "/admin/throttled")
    apache.sql(f"update doorward.users set roles = '{{}}' where name = '{client.name}'")
    assert press(client, page, "unlock").status_code == 403
    assert guess(apache, name, 1).status_code == 429


# ---- how it is ----

def test_the_status_says_how_it_is_without_a_secret(apache):
    page = get_page(admin(apache), "/admin/status")
    found = {row[0]: row for row in rows(page)}
    assert found["Database"][1] == "OK" and found["File of ended sessions"][1] == "OK"
    assert found["Keys that verify tokens"][1] == "OK"
    number = apache.sql("select max(number) from doorward.schema_migrations")
    assert f"migration {number}." in found["Version of the tables"][2]
    assert f"public_url = {apache.public_url}" in page and "fresh_login = " in page
    for secret in ("session.secret", "dbname=", "BEGIN", "mail.key"):
        assert secret not in page


def test_the_status_says_when_upkeep_was_last_done_and_when_it_is_late(apache):
    client = admin(apache)
    apache.sql("update doorward.upkeep set tidied_at = now() - interval '3 hours',"
               " keys_at = now() - interval '5 days'")
    found = {row[0]: row for row in rows(get_page(client, "/admin/status"))}
    assert found["Deleting old rows"][1:] == ["OK", "Done 3 hours ago."]
    assert found["Looking after the signing keys"][2] == "Done 5 days ago."
    apache.sql("update doorward.upkeep set tidied_at = now() - interval '4 days'")
    assert "Nobody seems to run" in get_page(client, "/admin")
    apache.sql("update doorward.upkeep set tidied_at = now()")


def test_a_mail_that_could_not_be_sent_wants_attention(apache):
    client = admin(apache)
    apache.sql("insert into doorward.outbox (template, recipient, created_at, due_at, given_up_at)"
               " values ('test', 'x@example.org', now(), now(), now())")
    assert "Could not be sent" in get_page(client, "/admin")
    assert "not OK" in get_page(client, "/admin/status")
    apache.sql("delete from doorward.outbox where template = 'test'")

"""Many people at once: a file of new members, the list as a file, the same to several."""

import csv
import html
import io
import re

import pytest

from admin import admin, find_form, get_page, new_name, add_person, press, problem, user
from links import user_id

IMPORT = "/admin/people/import"
BEYOND = "You may not give one of these roles, so nothing was done."
HEADER = "name,address,display_name,roles\n"


ADMINS = {}  # of each stack, one admin for all tests


@pytest.fixture(name="client")
def _client(apache):
    if apache.directory not in ADMINS:
        ADMINS[apache.directory] = admin(apache)
    return ADMINS[apache.directory]


def send_file(client, text, do="check"):
    """The answer to a file."""
    form = find_form(get_page(client, IMPORT), "check")
    return client.post(form.action, data={**form.fields, "csv": text, "do": do})


def report(page):
    """{name: what is said of it} of a page."""
    return {html.unescape(name): html.unescape(re.sub("<[^>]*>", "", said)).strip()
            for name, said in re.findall(r'<p class="report"><b>.*?<bdi>(.*?)</bdi>.*?</b>(.*?)</p>',
                                         page, re.S)}


def mails_to(stack, address):
    """The templates of the mails that wait or were sent, and their links."""
    rows = stack.sql("select kind from doorward.links"
                     f" where data ->> 'address' = '{address}' order by created_at")
    return rows.split()


def users(stack):
    """How many there are."""
    return int(stack.sql("select count(*) from doorward.users"))


# ---- a file of members ----

def test_thirty_members_of_a_file_are_added_and_get_a_mail_each(apache, client):
    """First the report, which stores nothing; then they are there; a second time adds nobody."""
    mark = new_name("m")
    rows = "".join(f"{mark}{i:02},{mark}{i:02}@example.org,Member {i},member club\n"
                   for i in range(30))
    before = users(apache)
    page = send_file(client, HEADER + rows)
    assert page.status_code == 200 and users(apache) == before
    assert set(report(page.text).values()) == {
        "will be added, and gets a mail with a link to choose a password."}
    done = press(client, page.text, "import")
    assert len(report(done.text)) == 30 and users(apache) == before + 30
    assert set(report(done.text).values()) == {
        "was added. A mail with a link to choose a password is on its way."}
    one = user(apache, f"{mark}07")
    assert (one["display_name"], sorted(one["roles"])) == ("Member 7", ["club", "member"])
    assert mails_to(apache, f"{mark}07@example.org") == ["welcome"]
    again = send_file(client, HEADER + rows, "import")
    assert set(report(again.text).values()) == {"There is somebody of this name already."}
    assert users(apache) == before + 30
    assert mails_to(apache, f"{mark}07@example.org") == ["welcome"]


def test_each_line_that_cannot_be_added_says_why_and_the_others_are_added(apache, client):
    """With the number of the line."""
    mark = new_name("m")
    there = add_person(apache)
    text = (HEADER + f"{there},,,\n{mark}a,,,\n{mark}a,,,\n{mark}b,no address,,\n{mark}c,,,a/b\n"
            f"{mark}\u202ed,,,\n{mark}@example.org,{mark}@example.org,,\n{mark}e,,x\u200by,\n,,,\n"
            f'{mark}f,x,y,z,too many\n"{mark}g\n')
    page = send_file(client, text, "import")
    said = report(page.text)
    assert said[there] == "There is somebody of this name already."
    assert user(apache, f"{mark}a") is not None
    assert said[f"{mark}b"] == "This is not a mail address."
    assert said[f"{mark}c"].startswith("These cannot be roles.")
    for bad in "b", "c", "e", "f", "g":
        assert user(apache, f"{mark}{bad}") is None
    assert page.text.count("This line cannot be read.") == 2  # a cell too many, no quote
    lines = [int(n) for n in re.findall(r"<b>Line (\d+):", page.text)]
    assert lines == list(range(2, 13))


@pytest.mark.parametrize("text,why", [
    ("", "There is nothing in the field."), ("  \n ", "This is no table of people."),
    ("name;address\nann;x\n", "This is no table of people."), ("nonsense", "This is no table"),
    ("name,password\nann,x\n", "This is no table"), ("address\na@b.org\n", "This is no table"),
    (HEADER + "".join(f"n{i},,,\n" for i in range(501)), "more than 500 people"),
], ids=range(7))
def test_a_file_that_is_no_table_is_refused_whole(apache, client, text, why):
    before = users(apache)
    for do in "check", "import":
        answer = send_file(client, text, do)
        assert answer.status_code == 422 and why in problem(answer.text)
    assert users(apache) == before


def test_markup_in_a_file_is_shown_as_text(client):
    """In the report and in the field."""
    answer = send_file(client, HEADER + '"<b onclick=x>&""q",,</textarea><script>,\n')
    assert "<b onclick" not in answer.text and "</textarea><script>" not in answer.text
    assert find_form(answer.text, "check").fields["csv"].endswith("</textarea><script>,\n")


def test_roles_beyond_the_rights_of_the_admin_are_not_given(apache):
    """Line by line."""
    role, mark = new_name("role"), new_name("m")
    apache.doorward("role", "allow", role, "member")
    moderator = admin(apache, role)
    answer = send_file(moderator, HEADER + f"{mark}a,,,member\n{mark}b,,,doorward-admin\n", "import")
    assert user(apache, f"{mark}a") is not None and user(apache, f"{mark}b") is None
    assert report(answer.text)[f"{mark}b"] == BEYOND


def test_a_forged_form_adds_nobody(apache, client):
    before = users(apache)
    answer = client.post(IMPORT, data={"form_token": "dwf_x", "do": "import",
                                       "csv": HEADER + "forged,,,\n"})
    assert answer.status_code == 403 and users(apache) == before
    form = find_form(get_page(client, IMPORT), "check")
    assert client.post(IMPORT, data={**form.fields, "do": "other"}).status_code == 400


# ---- the list as a file ----

def test_the_list_as_a_file_is_quoted_and_comes_back_by_the_import(apache, client):
    """Cells that a spreadsheet would run have an apostrophe in front."""
    mark = new_name("m")
    called = ["=1+1", "+49 1", "-x", "@x", "a,b", 'q"q', "'p"]
    for i, words in enumerate(called):
        apache.doorward("user", "add", f"{mark}{i}", "--no-password", "--role", f"r{mark}")
        apache.doorward("user", "set", f"{mark}{i}", "--display-name", words)
    apache.doorward("user", "disable", f"{mark}6")
    answer = client.get("/admin/people.csv", params={"role": f"r{mark}"})
    assert answer.headers["Content-Type"].startswith("text/csv")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="people.csv"'
    rows = list(csv.reader(io.StringIO(answer.text)))
    assert rows[0] == ["name", "address", "display_name", "roles", "disabled"]
    cells = [row[2] for row in rows[1:]]
    assert cells == ["'=1+1", "'+49 1", "'-x", "'@x", "a,b", 'q"q', "''p"]
    for i in range(7):
        apache.doorward("user", "delete", f"{mark}{i}", "--yes")
    apache.sql("delete from doorward.names_given_up")
    assert send_file(client, answer.text, "import").status_code == 200
    back = [user(apache, f"{mark}{i}") for i in range(7)]
    assert [one["display_name"] for one in back] == called
    assert [one["disabled"] for one in back] == [False] * 6 + [True]


def test_the_list_links_its_file_with_the_same_filters(apache, client):
    """And the file has those people only."""
    name = add_person(apache, address=True)
    page = get_page(client, "/admin/people", q=name, state="enabled")
    link = html.unescape(re.search(r'<a href="(/admin/people\.csv[^"]*)"', page)[1])
    assert link == f"/admin/people.csv?q={name}&role=&state=enabled"
    rows = list(csv.reader(io.StringIO(client.get(link).text)))
    assert [row[:2] for row in rows[1:]] == [[name, f"{name}@example.org"]]


# ---- the same to several ----

def choose(client, stack, do, *people, **fields):
    """The page that says what will happen to these."""
    form = find_form(get_page(client, "/admin/people"), do)
    assert form.action == "/admin/people/many"
    boxes = {f"user-{user_id(stack, name)}": "1" for name in people}
    return client.post(form.action, data={**form.fields, **boxes, "do": do, **fields})


def happenings(page):
    """{name: what happens} of a page."""
    return {html.unescape(name): html.unescape(said) for name, said in
            re.findall(r"<bdi>([^<]*)</bdi></th>\s*<td[^>]*>([^<]*)</td>", page)}


def test_several_are_disabled_after_a_page_that_says_whom(apache, client):
    """Nothing is done before the button on it."""
    one, two = add_person(apache, "member"), add_person(apache, "member")
    apache.doorward("user", "disable", two)
    page = choose(client, apache, "disable", one, two)
    assert happenings(page.text) == {one: "It will be done.",
                                     two: "It is so already, so nothing will happen."}
    assert user(apache, one)["disabled"] is False
    done = press(client, page.text, "confirm")
    assert happenings(done.text) == {one: "It was done."} and user(apache, one)["disabled"]
    page = choose(client, apache, "enable", one, two)
    press(client, page.text, "confirm")
    assert not user(apache, one)["disabled"] and not user(apache, two)["disabled"]


def test_several_get_and_lose_a_role(apache, client):
    """Their other roles stay."""
    people, role = [add_person(apache, "member") for _ in range(3)], new_name("r")
    for do, roles in ("role-add", ["member", role]), ("role-remove", ["member"]):
        page = choose(client, apache, do, *people, role=role)
        assert role in page.text
        press(client, page.text, "confirm")
        assert [sorted(user(apache, name)["roles"]) for name in people] == [sorted(roles)] * 3


def test_several_are_deleted_and_signed_out(apache, client):
    people = [add_person(apache) for _ in range(2)]
    press(client, choose(client, apache, "end", *people).text, "confirm")
    page = choose(client, apache, "delete", *people)
    assert all(user(apache, name) for name in people)
    press(client, page.text, "confirm")
    assert not any(user(apache, name) for name in people)


def test_who_was_changed_after_the_page_is_left_alone(apache, client):
    """The others are not."""
    one, two = add_person(apache), add_person(apache)
    page = choose(client, apache, "disable", one, two)
    apache.doorward("user", "set", one, "--display-name", "Other")
    done = press(client, page.text, "confirm")
    assert happenings(done.text) == {
        one: "Nothing was done: somebody has changed them meanwhile.", two: "It was done."}
    assert not user(apache, one)["disabled"] and user(apache, two)["disabled"]


def test_who_is_beyond_the_rights_of_the_admin_is_left_alone(apache):
    """Also when the form is sent all the same."""
    role = new_name("role")
    apache.doorward("role", "allow", role, "member")
    moderator = admin(apache, role)
    mine, other = add_person(apache, "member"), add_person(apache, "chair")
    page = choose(moderator, apache, "disable", mine, other)
    assert "they have a role that you may not give" in happenings(page.text)[other]
    press(moderator, page.text, "confirm", **{f"user-{user_id(apache, other)}": "x"})
    assert user(apache, mine)["disabled"] and not user(apache, other)["disabled"]
    page = choose(moderator, apache, "role-add", mine, role="doorward-admin")
    assert find_form(page.text, "confirm") is None and user(apache, mine)["roles"] == ["member"]


def test_the_last_admin_is_not_among_those_who_go(private_stack):
    """Whoever else is."""
    stack = private_stack("apache", "fastcgi")
    client, other = admin(stack), add_person(stack, "member")
    page = choose(client, stack, "delete", client.name, other)
    assert "nobody else could open these pages" in happenings(page.text)[client.name]
    press(client, page.text, "confirm", **{f"user-{user_id(stack, client.name)}": "x"})
    assert user(stack, client.name) and not user(stack, other)


@pytest.mark.parametrize("do,fields,status", [("disable", {}, 422), ("role-add", {}, 422),
                                              ("nonsense", {}, 400),
                                              ("confirm", {"what": "nonsense"}, 400)])
def test_a_form_that_says_too_little_does_nothing(apache, client, do, fields, status):
    form = find_form(get_page(client, "/admin/people"), "disable")
    answer = client.post(form.action, data={**form.fields, "do": do, **fields})
    assert answer.status_code == status
    name = add_person(apache)
    box = {f"user-{user_id(apache, name)}": "1"}
    answer = client.post(form.action, data={**form.fields, **box, "do": "role-add", "role": " "})
    assert answer.status_code == 422 and user(apache, name)["roles"] == []


def test_people_who_are_gone_or_were_made_up_are_said_to_be_gone(client):
    form = find_form(get_page(client, "/admin/people"), "disable")
    for box in "user-00000000-0000-4000-8000-000000000000", "user-x", "user-'; drop":
        answer = client.post(form.action, data={**form.fields, box: "1", "do": "delete"})
        assert answer.status_code == 200 and "not there any more" in answer.text


# ---- the file as browsers send it ----

def upload(client, content, do="check", **fields):
    """The answer to a form with a file."""
    form = find_form(get_page(client, IMPORT), "check")
    return client.post(IMPORT, data={"form_token": form.fields["form_token"], "do": do, **fields},
                       files={"csv": ("members.csv", content, "text/csv")})


def test_a_file_that_is_chosen_is_read_as_one_that_is_pasted(apache, client):
    """With a byte order mark and CRLF, as spreadsheets save it; then the report has its lines."""
    name = new_name("m")
    content = "\ufeff" + HEADER.replace("\n", "\r\n") + f"{name},{name}@example.org,Jörg,member\r\n"
    page = upload(client, content.encode())
    assert page.status_code == 200 and list(report(page.text)) == [name]
    assert user(apache, name) is None
    done = press(client, page.text, "import")
    assert list(report(done.text)) == [name], done.text
    assert user(apache, name)["display_name"] == "Jörg"


@pytest.mark.parametrize("content", [HEADER.encode() + "Jörg,,,\n".encode("latin-1"),
                                     HEADER.encode() + b"a\0b,,,\n", b"\xff\xfe\0x"])
def test_a_file_that_is_not_utf_8_is_refused_whole(apache, client, content):
    """The page says how to save it."""
    before = users(apache)
    answer = upload(client, content, "import")
    assert answer.status_code == 422 and "not in UTF-8" in problem(answer.text)
    assert users(apache) == before


def test_an_upload_is_refused_without_its_token_or_in_another_form(apache, client):
    """As any form."""
    before = users(apache)
    assert upload(client, b"name\nx\n", "import", form_token="dwf_x").status_code == 403
    kind = {"Content-Type": "multipart/form-data; boundary=b"}
    for body in "", "--b--", "--b\r\n\r\n\r\n--b--":
        assert client.post(IMPORT, data=body, headers=kind).status_code == 400
    assert client.post(IMPORT, json={"csv": "name\nx\n"}).status_code == 415
    assert upload(client, b"x" * 70000).status_code == 413
    assert users(apache) == before

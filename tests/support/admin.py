"""What an admin does on the pages of /admin: sign in, open a page, press one of its buttons."""

import html
import json
import re
import uuid

from account_page import log_in

PASSWORD = "larks sing over the moor"
ADMIN_ROLE = "doorward-admin"


def new_name(prefix="p"):
    """A name that nobody has."""
    return f"{prefix}{uuid.uuid4().hex[:10]}"


def add_person(stack, *roles, name=None, address=None, verified=True):
    """A new person with PASSWORD; the name. `address` True: one of their own."""
    name = name or new_name()
    stack.add_user(name, PASSWORD, *roles)
    if address:
        address = f"{name}@example.org" if address is True else address
        stack.doorward("user", "set", name, "--mail", address,
                       *(["--verified"] if verified else []))
    return name


def admin(stack, *roles):
    """A new admin in a browser that has just signed in; `name` is the admin's."""
    name = add_person(stack, *(roles or [ADMIN_ROLE]), name=new_name("adm"))
    client = log_in(stack, name, PASSWORD)
    client.name = name
    return client


def age_login(stack, name, seconds=3600):
    """The logins of `name` were so long ago."""
    stack.sql(f"update doorward.sessions set auth_time = auth_time - interval '{seconds} s',"
              f" opened_at = opened_at - interval '{seconds} s' where user_id ="
              f" (select id from doorward.users where name = '{name}')")


class Form:
    """A form of a page: where it goes, its fields with what they hold, its buttons."""

    def __init__(self, tag, inside):
        self.action = html.unescape(re.search(r'action="([^"]*)"', tag)[1])
        self.fields, self.buttons = {}, []
        for kind, words in re.findall(r"<(input|button|select|textarea)\b([^>]*)>", inside):
            known = {name: html.unescape(value)
                     for name, value in re.findall(r'([\w-]+)="([^"]*)"', words)}
            if "name" not in known:
                continue
            if kind == "button":
                self.buttons.append((known["name"], known.get("value", "")))
            elif known.get("type") not in ("checkbox", "radio") or "checked" in words:
                self.fields[known["name"]] = known.get("value", "")
        for name, text in re.findall(r'<textarea\b[^>]*name="([^"]*)"[^>]*>(.*?)</textarea>',
                                     inside, re.S):
            self.fields[name] = html.unescape(text).removeprefix("\n")


def forms(page):
    """All forms of a page that are sent by POST."""
    return [Form(tag, inside) for tag, inside in
            re.findall(r"<form\b([^>]*)>(.*?)</form>", page, re.S) if 'method="post"' in tag]


def find_form(page, do):
    """The form with the button do=DO; None: the page has none."""
    return next((form for form in forms(page) if ("do", do) in form.buttons), None)


def press(client, page, do, /, **fields):
    """Send the form with the button do=DO, with these fields changed; the answer."""
    form = find_form(page, do)
    assert form, f"no button do={do}"
    return client.post(form.action, data={**form.fields, "do": do, **fields})


def get_page(client, path, status=200, **query):
    """The text of a page of /admin."""
    answer = client.get(path, params=query)
    assert answer.status_code == status, (answer.status_code, answer.text)
    return answer.text


def person_page(client, name, status=200):
    """The page of one person."""
    return get_page(client, "/admin/person", status, name=name)


def act(client, name, do, /, **fields):
    """Open the page of `name` and press a button on it; the answer."""
    return press(client, person_page(client, name), do, **fields)


def notice(page):
    """What the page says was done; None: nothing."""
    found = re.search(r'<p class="notice"[^>]*>(.*?)</p>', page, re.S)
    return html.unescape(found[1]) if found else None


def problem(page):
    """What the page says is wrong; None: nothing."""
    found = re.search(r'<p class="problem"[^>]*>(.*?)</p>', page, re.S)
    return html.unescape(found[1]) if found else None


def user(stack, name):
    """The user as the command shows them; None: there is none."""
    done = stack.doorward("user", "show", name, "--json", check=False)
    return json.loads(done.stdout) if done.returncode == 0 else None


def events(stack, name, event):
    """Actor and detail of the rows of the audit about `name`."""
    rows = stack.sql(f"select actor || '|' || coalesce(detail, '') from doorward.audit"
                     f" where name = '{name}' and event = '{event}' order by id")
    return [tuple(row.split("|", 1)) for row in rows.split("\n") if row]

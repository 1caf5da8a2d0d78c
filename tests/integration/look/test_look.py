"""The look that a site's settings give to its pages, and what a page says of who is there."""

import re

import pytest

from client import ALICE, Client, form_login
from servers import end_stack, start_stack

DOOR = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 4 4"><path d="M0 0h4v4z"/></svg>\n'
PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)
# What every page may weigh in bytes: HTML, stylesheet and icon, as they are sent.
WEIGHT = 12000


def linked(page, rel):
    """Where <link rel> leads."""
    return re.search(rf'<link rel="{rel}" href="([^"]*)"', page)[1]


@pytest.fixture(name="site", scope="module")
def _site():
    stack = start_stack("apache", "fastcgi")
    yield stack
    end_stack(stack)


def restart(stack, **settings):
    """Serve by other settings."""
    stack.stop_web()
    stack.write_settings(**dict.fromkeys(
        ("logo", "accent", "help_url", "imprint_url", "time_zone"), None) | settings)
    stack.start_web()


def write(stack, name, content):
    """A file beside the settings."""
    with open(f"{stack.directory}/{name}", "wb") as f:
        f.write(content.encode() if isinstance(content, str) else content)


def test_a_logo_stands_in_place_of_the_door_and_is_kept_for_ever(site):
    write(site, "logo.svg", DOOR)
    restart(site, logo="logo.svg")
    client = Client(site, browser=True)
    page = client.get("/login")
    address = re.search(r'<img class="mark logo" src="(/login/doorward-[0-9a-f]{24}\.svg)" alt=""',
                        page.text)[1]
    assert "<svg" not in page.text and "img-src 'self'" in page.headers["Content-Security-Policy"]
    logo = client.get(address)
    assert logo.text == DOOR and logo.headers["Content-Type"] == "image/svg+xml"
    assert logo.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    # opened by itself it is a document of our site: nothing in it may run
    assert "default-src 'none'" in logo.headers["Content-Security-Policy"]
    assert logo.headers["X-Content-Type-Options"] == "nosniff"
    # the programs that serve no files show it as well
    signed_in, _ = form_login(site, *ALICE)
    for path in "/account", "/protected":
        assert address in signed_in.get(path).text


def test_another_logo_has_another_address(site):
    write(site, "logo.png", PNG)
    restart(site, logo="logo.png")
    first = re.search(r'src="([^"]*\.png)"', Client(site, browser=True).get("/login").text)[1]
    assert Client(site).get(first).headers["Content-Type"] == "image/png"
    write(site, "logo.png", PNG + b"\0")
    restart(site, logo="logo.png")
    second = re.search(r'src="([^"]*\.png)"', Client(site, browser=True).get("/login").text)[1]
    assert first != second and Client(site).get(first).status_code == 404


@pytest.mark.parametrize("content, reason", [
    (None, "No such file"), ("<html>", "not an image"), (PNG + bytes(70000), "65536")])
def test_a_logo_that_is_no_good_is_named_and_the_door_stays(site, content, reason):
    if content is not None:
        write(site, "bad.svg", content)
    restart(site, logo="bad.svg" if content is not None else "none.svg")
    page = Client(site, browser=True).get("/login")
    assert page.status_code == 200 and "<svg" in page.text and "<img" not in page.text
    checked = site.doorward("config", "check", check=False)
    assert checked.returncode == 1 and "logo: " in checked.stdout + checked.stderr
    assert reason in checked.stdout + checked.stderr
    with open(f"{site.directory}/log/error.log", encoding="utf-8") as f:
        assert "logo_unusable" in f.read()


def test_an_accent_colours_stylesheet_and_icon(site):
    restart(site)
    plain = Client(site, browser=True).get("/login").text
    restart(site, accent="#aa2200")
    page = Client(site, browser=True).get("/login").text
    assert linked(page, "stylesheet") != linked(plain, "stylesheet")
    css, icon = (Client(site).get(linked(page, rel)) for rel in ("stylesheet", "icon"))
    assert "--accent:#aa2200" in css.text and "#aa2200" in icon.text


def test_help_and_imprint_are_linked_where_they_are_set(site):
    restart(site, help_url="mailto:help@example.org", imprint_url="/imprint.html")
    page = Client(site, browser=True).get("/login").text
    assert '<a href="mailto:help@example.org">Help</a>' in page
    assert '<a href="/imprint.html">Legal notice</a>' in page
    assert f'<a href="{site.public_url}/">Start page</a>' in page
    restart(site)
    page = Client(site, browser=True).get("/login").text
    assert "Help" not in page and "Legal notice" not in page


def test_times_are_shown_in_the_time_zone_of_the_site(site):
    restart(site, time_zone="Asia/Kathmandu")
    client, _ = form_login(site, *ALICE)
    page = client.get("/account").text
    shown = re.findall(r'<time datetime="(\d{4}-\d\d-\d\dT(\d\d):(\d\d):\d\dZ)">'
                       r'\d+ [A-Z][a-z]+ \d{4}, (\d\d):(\d\d) \+0545</time>', page)
    assert shown
    for _, hour, minute, here_hour, here_minute in shown:
        utc, here = int(hour) * 60 + int(minute), int(here_hour) * 60 + int(here_minute)
        assert (here - utc) % 1440 == 5 * 60 + 45
    assert "UTC" not in page


def test_a_time_zone_that_the_system_does_not_have_is_named_and_utc_is_shown(site):
    restart(site, time_zone="Europe/Nowhere")
    client, _ = form_login(site, *ALICE)
    assert re.search(r"\d\d:\d\d UTC</time>", client.get("/account").text)
    checked = site.doorward("config", "check", check=False)
    assert checked.returncode == 1
    assert "/usr/share/zoneinfo/Europe/Nowhere" in checked.stdout + checked.stderr


def test_who_is_asked_again_finds_the_name_filled_in(apache):
    """And reads why, in a notice that is no alarm."""
    client, _ = form_login(apache, *ALICE)
    page = client.get("/login?need=fresh&return_to=/account").text
    assert 'value="alice"' in page and 'class="notice" role="status"' in page
    assert "Sign in again to go on" in page and 'role="alert"' not in page
    assert re.search(r'id="password"[^>]* autofocus', page)


def test_who_wants_another_account_finds_an_empty_form(apache):
    client, _ = form_login(apache, *ALICE)
    page = client.get("/login?need=fresh&other=1").text
    assert 'value="alice"' not in page and re.search(r'id="username"[^>]* autofocus', page)
    assert "Sign in with the account that you want" in page


@pytest.mark.parametrize("value", ["<b>alice</b>", "a.b.c", ""])
def test_a_cookie_that_is_no_token_fills_no_name_in(apache, value):
    page = Client(apache, browser=True).get("/login?need=fresh", headers={
        "Cookie": f"__Host-doorward={value}"}).text
    assert 'name="username" type="text" value=""' in page


def weight_of(client, path):
    """All that a browser fetches for a page, in bytes."""
    page = client.get(path)
    rest = [client.get(linked(page.text, rel)) for rel in ("stylesheet", "icon")]
    return sum(len(answer.content) for answer in [page, *rest])


@pytest.mark.parametrize("path", ["/login", "/login/goodbye", "/login/nowhere", "/account",
                                  "/account/password", "/account/profile", "/account/address",
                                  "/account/delete", "/account/forgot", "/account/link?token=x",
                                  "/protected", "/members/admin/"])
def test_a_page_is_light(apache, path):
    """With two sessions, of which the account page tells."""
    apache.add_user(name := "light" + re.sub(r"\W", "-", path), "herons wade in the shallows")
    for _ in range(2):
        client, _ = form_login(apache, name, "herons wade in the shallows")
    if path == "/login":
        client = Client(apache, browser=True)
    assert weight_of(client, path) < WEIGHT


def test_a_page_for_who_is_signed_in_says_who_and_leads_on(apache):
    """Header, main and footer stand beside each other: three landmarks."""
    client, _ = form_login(apache, *ALICE)
    for path in "/account", "/account/password", "/protected":
        page = client.get(path).text
        parts = re.findall(r"<(/?(?:header|main|footer))\b", page)
        assert parts == ["header", "/header", "main", "/main", "footer", "/footer"]
        bar = page[page.index("<header"):page.index("</header>")]
        assert 'href="/account" aria-label="alice: your account">alice</a>' in bar
        assert f'href="{apache.public_url}/"' in bar and "/login/logout" in bar

"""/login/factor in a session: people set up an app for one-time codes, and recovery codes."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from client import Client, form_login, hidden_fields
from enrol import (PASSWORD, begin_app, claims, codes_of, in_the_middle, person, post, secret_of,
                   set_up, signed_in, stored)
from links import user_id
from second import Factors, code


def age(stack, name, **columns):
    """Make the session of a user older: column=seconds."""
    for column, seconds in columns.items():
        stack.sql(f"update doorward.sessions set {column} = {column} - interval '{seconds} seconds'"
                  f" where user_id = '{user_id(stack, name)}'")


def set_ups(stack, name):
    """How many apps the sessions of a user are setting up."""
    return int(stack.sql("select count(*) from doorward.setups u join doorward.sessions s"
                         f" on s.id = u.session_id where s.user_id = '{user_id(stack, name)}'"))


def log_in(stack, name, one_time_code):
    """A login with a code, in another browser: the answer to the code, and the client."""
    client, answer = form_login(stack, name, PASSWORD)
    assert answer.headers["Location"].startswith("/login/mfa"), answer.headers
    fields = hidden_fields(client.get("/login/mfa").text)
    return client, client.post("/login/mfa", data={**fields, "code": one_time_code})


def test_a_session_sets_up_an_app_and_has_proven_it(front):
    name = person(front)
    client = signed_in(front, name)
    before = claims(client)
    secret, page = set_up(client, "?return_to=/protected%3Fa%3D1")
    assert len(set(codes_of(page))) == 10 and stored(front, name) == (1, 10)
    assert 'href="/protected?a=1"' in page.text and page.headers["Cache-Control"] == "no-store"
    after = claims(client)
    assert before["amr"] == ["pwd"] and after["amr"] == ["pwd", "otp", "mfa"]
    assert after["sid"] != before["sid"] and after["auth_time"] == before["auth_time"]
    _, answer = log_in(front, name, code(secret, 30))
    assert answer.status_code == 303 and answer.headers["Location"] == "/"


def test_the_old_access_token_is_dead_after_the_set_up(apache):
    name = person(apache)
    client = signed_in(apache, name)
    old = next(c.value for c in client.cookies if c.name == "__Host-doorward")
    set_up(client)
    answer = Client(apache).get("/protected", headers={"Authorization": f"Bearer {old}"})
    assert answer.status_code == 401


def test_the_app_gets_the_site_the_name_and_the_secret(apache):
    name = person(apache)
    page, secret = begin_app(signed_in(apache, name))
    assert (f'href="otpauth://totp/Doorward%20demo:{name}?secret={secret}&amp;'
            'issuer=Doorward%20demo&amp;algorithm=SHA1&amp;digits=6&amp;period=30"') in page.text
    assert 'fill="#fff"' in page.text and '<path d="M4 4h7v1h-7z' in page.text
    assert "script" not in page.headers["Content-Security-Policy"].split("default-src")[0]


def test_a_reload_shows_the_same_secret(apache):
    client = signed_in(apache, person(apache))
    _, secret = begin_app(client)
    assert secret_of(client.get("/login/factor?step=app")) == secret


def test_a_wrong_code_says_so_and_keeps_the_secret(apache):
    name = person(apache)
    client = signed_in(apache, name)
    page, secret = begin_app(client)
    wrong = f"{(int(code(secret)) + 1) % 1000000:06}"
    for typed, said in ((wrong, "This code is not right"), ("", "Enter the code"),
                        ("12345", "six digits"), ("12345a", "six digits")):
        page = post(client, page, do="confirm", code=typed)
        assert page.status_code == 422 and said in page.text
        assert secret_of(page) == secret and stored(apache, name) == (0, 0)
    page = post(client, page, do="confirm", code=f" {code(secret)[:3]} {code(secret)[3:]} ")
    assert page.status_code == 200 and stored(apache, name) == (1, 10)


@pytest.mark.parametrize("seconds", [-30, 30])
def test_a_clock_that_is_one_step_off_is_accepted(apache, seconds):
    name = person(apache)
    client = signed_in(apache, name)
    page, secret = begin_app(client)
    in_the_middle()
    assert post(client, page, do="confirm", code=code(secret, seconds)).status_code == 200
    assert stored(apache, name) == (1, 10)


@pytest.mark.parametrize("seconds", [-300, -70, 70, 300])
def test_a_clock_that_is_further_off_is_named(apache, seconds):
    name = person(apache)
    client = signed_in(apache, name)
    page, secret = begin_app(client)
    in_the_middle()
    page = post(client, page, do="confirm", code=code(secret, seconds))
    assert page.status_code == 422 and "The clock of your phone is wrong" in page.text
    assert stored(apache, name) == (0, 0)
    assert post(client, page, do="confirm", code=code(secret)).status_code == 200


def test_the_code_of_the_set_up_is_not_good_for_a_login(apache):
    name = person(apache)
    client = signed_in(apache, name)
    page, secret = begin_app(client)
    in_the_middle()
    first = code(secret)
    assert post(client, page, do="confirm", code=first).status_code == 200
    _, answer = log_in(apache, name, first)
    assert answer.status_code == 401 and "was used before" in answer.text


def test_a_set_up_that_was_begun_anew_has_another_secret(apache):
    """The window that began first shows the new picture, and stores nothing."""
    name = person(apache)
    client = signed_in(apache, name)
    first, old = begin_app(client)
    _, new = begin_app(client)
    assert old != new
    page = post(client, first, do="confirm", code=code(old))
    assert page.status_code == 422 and "If you have scanned an earlier picture" in page.text
    assert secret_of(page) == new and stored(apache, name) == (0, 0)
    assert post(client, page, do="confirm", code=code(new)).status_code == 200


def test_a_second_click_stores_nothing_more(apache):
    """The page that was left open names a session that has another sid by now."""
    name = person(apache)
    client = signed_in(apache, name)
    page, secret = begin_app(client)
    assert post(client, page, do="confirm", code=code(secret)).status_code == 200
    again = post(client, page, do="confirm", code=code(secret))
    assert again.status_code == 403 and not codes_of(again)
    assert stored(apache, name) == (1, 10)


def test_of_two_confirmations_at_once_one_is_shown_codes(apache):
    name = person(apache)
    client = signed_in(apache, name)
    page, secret = begin_app(client)
    fields = {**hidden_fields(page.text), "code": code(secret)}
    cookies = "; ".join(f"{c.name}={c.value}" for c in client.cookies)
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: Client(apache, browser=True).post(
            "/login/factor", data=fields, headers={"Cookie": cookies}), range(4)))
    assert sorted(answer.status_code for answer in answers) == [200, 303, 303, 303]
    assert stored(apache, name) == (1, 10)


def test_confirming_without_a_set_up_stores_nothing(apache):
    name = person(apache)
    client = signed_in(apache, name)
    fields = hidden_fields(client.get("/login/factor").text)
    answer = client.post("/login/factor", data={**fields, "do": "confirm", "code": "123456"})
    assert answer.status_code == 409 and "This was not set up" in answer.text
    assert stored(apache, name) == (0, 0)


def test_a_second_app_takes_the_place_of_the_first_and_leaves_the_codes(apache):
    name = person(apache)
    client = signed_in(apache, name)
    old, first = set_up(client)
    assert "You have such an app" in client.get("/login/factor").text
    page, new = begin_app(client, "?return_to=/protected")
    done = post(client, page, do="confirm", code=code(new))
    assert done.status_code == 303 and done.headers["Location"] == "/protected"
    assert stored(apache, name) == (1, 10) and len(codes_of(first)) == 10
    assert log_in(apache, name, code(old, 30))[1].status_code == 401
    assert log_in(apache, name, code(new, 30))[1].status_code == 303


def test_new_recovery_codes_replace_the_old_ones(front):
    name = person(front)
    client = signed_in(front, name)
    _, page = set_up(client)
    old = codes_of(page)
    page = post(client, client.get("/login/factor?return_to=/protected"), do="recovery")
    new = codes_of(page)
    assert page.status_code == 200 and len(new) == 10 and not set(new) & set(old)
    assert 'href="/protected"' in page.text and stored(front, name) == (1, 10)
    for typed, status in ((old[0], 401), (new[0].upper().replace("-", " "), 200)):
        other, _ = form_login(front, name, PASSWORD)
        fields = hidden_fields(other.get("/login/mfa").text)
        answer = other.post("/login/mfa", data={**fields, "recovery_code": typed})
        assert answer.status_code == status, answer.text


def test_recovery_codes_without_a_factor_are_not_made(apache):
    name = person(apache)
    client = signed_in(apache, name)
    page = client.get("/login/factor")
    assert "Make new recovery codes" not in page.text
    answer = client.post("/login/factor", data={**hidden_fields(page.text), "do": "recovery"})
    assert answer.status_code == 409 and stored(apache, name) == (0, 0)


# ---- who may not ----

def test_a_login_that_is_too_old_is_repeated_first(apache):
    name = person(apache)
    client = signed_in(apache, name)
    page, secret = begin_app(client)
    age(apache, name, auth_time=901)
    answer = client.get("/login/factor?return_to=/protected")
    assert answer.status_code == 303
    assert answer.headers["Location"] == ("/login?need=fresh&return_to="
                                          "/login/factor%3Freturn_to%3D/protected")
    answer = post(client, page, do="confirm", code=code(secret))
    assert answer.status_code == 303 and stored(apache, name) == (0, 0)


def test_the_login_leads_back_to_the_set_up_and_on(front):
    """Nobody is signed in, and later the login is too old: each time the page comes after it."""
    name = person(front)
    client = Client(front, browser=True)
    for _ in range(2):
        answer = client.get("/login/factor?return_to=/protected")
        page = client.get(answer.headers["Location"])
        assert page.status_code == 200, page.text
        answer = client.post("/login", data={**hidden_fields(page.text), "username": name,
                                             "password": PASSWORD})
        assert answer.headers["Location"] == "/login/factor?return_to=/protected"
        page = client.get(answer.headers["Location"])
        assert page.status_code == 200 and 'href="/protected"' in page.text
        age(front, name, auth_time=901)


def test_a_proof_that_is_too_old_leads_through_one_more_proof_and_back(apache):
    name = person(apache)
    client = signed_in(apache, name)
    secret, _ = set_up(client)
    age(apache, name, factor_at=901)
    answer = client.get("/login/factor?return_to=/protected")
    page = client.get(answer.headers["Location"])
    assert page.status_code == 200, page.text
    answer = client.post("/login/mfa", data={**hidden_fields(page.text), "code": code(secret, 30)})
    assert answer.status_code == 303, answer.text
    assert answer.headers["Location"] == "/login/factor?return_to=/protected"
    assert client.get(answer.headers["Location"]).status_code == 200


def test_a_proof_that_is_too_old_is_repeated_first(apache):
    name = person(apache)
    client = signed_in(apache, name)
    set_up(client)
    page = client.get("/login/factor")
    age(apache, name, factor_at=901)
    answer = client.get("/login/factor")
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/login/mfa?need=factor&return_to=/login/factor"
    for do in ("totp", "recovery"):
        assert post(client, page, do=do).status_code == 303
    assert set_ups(apache, name) == 0


def test_a_session_whose_password_alone_was_proven_is_asked_for_the_factor_that_is_there(apache):
    """Otherwise whoever stole a password and a session could add a factor of their own."""
    factors = Factors(apache, "zoe", PASSWORD, ["member"])
    for table in ("totp", "recovery_codes"):
        apache.sql(f"delete from doorward.{table} where user_id = '{factors.user}'")
    client = signed_in(apache, "zoe")
    factors.add_totp()
    answer = client.get("/login/factor")
    assert answer.status_code == 303 and "need=factor" in answer.headers["Location"]
    factors.remove()


def test_nobody_is_led_to_the_login(apache):
    client = Client(apache, browser=True)
    answer = client.get("/login/factor?return_to=/protected")
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/login?return_to=/login/factor%3Freturn_to%3D/protected"
    answer = client.post("/login/factor", data={"do": "totp"})
    assert answer.status_code == 303 and answer.headers["Location"].startswith("/login?")


def test_a_session_that_has_ended_sets_nothing_up(apache):
    name = person(apache)
    client = signed_in(apache, name)
    page, secret = begin_app(client)
    apache.doorward("user", "disable", name)
    answer = post(client, page, do="confirm", code=code(secret))
    assert answer.status_code == 303 and stored(apache, name) == (0, 0)


def test_the_form_of_another_session_changes_nothing(apache):
    name, other = person(apache), person(apache)
    page = signed_in(apache, other).get("/login/factor")
    answer = signed_in(apache, name).post("/login/factor", data={
        **hidden_fields(page.text), "do": "totp"})
    assert answer.status_code == 403 and "nothing was changed" in answer.text
    assert set_ups(apache, name) == set_ups(apache, other) == 0


def test_the_form_of_another_site_is_refused(apache):
    client = signed_in(apache, person(apache))
    fields = hidden_fields(client.get("/login/factor").text)
    answer = client.post("/login/factor", data={**fields, "do": "totp"},
                         headers={"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403


@pytest.mark.parametrize("body", ["do=nonsense", "", "do=totp&do=totp", "code=" + "1" * 65])
def test_malformed_requests_are_refused(apache, body):
    client = signed_in(apache, person(apache))
    token = hidden_fields(client.get("/login/factor").text)["form_token"]
    answer = client.post("/login/factor", data=f"form_token={token}&{body}",
                         headers={"Content-Type": "application/x-www-form-urlencoded"})
    assert answer.status_code == 400


def test_return_to_leads_to_no_other_site(apache):
    client = signed_in(apache, person(apache))
    _, page = set_up(client, "?return_to=https://evil.example/")
    assert "evil.example" not in page.text

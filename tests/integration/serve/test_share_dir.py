"""Templates, texts and styles of one's own."""

import os
import re

from client import Client, form_login
from servers import TREE, USERS


def write(directory, name, text):
    """A file that the programs may read."""
    place = f"{directory}/{name}"
    os.makedirs(os.path.dirname(place), exist_ok=True)
    for folder in directory, os.path.dirname(place):
        os.chmod(folder, 0o755)
    with open(place, "w", encoding="utf-8") as f:
        f.write(text)
    os.chmod(place, 0o644)


def restart(stack, **settings):
    """With other settings."""
    stack.write_settings(**settings)
    stack.stop_web()
    stack.start_web()


def test_own_files_replace_the_built_in_ones_and_the_rest_stays(private_stack):
    stack = private_stack()
    before = re.search(r"/login/doorward-[^\"]*\.css", Client(stack).get("/login").text).group()
    share = f"{stack.directory}/share"
    write(share, "login/goodbye.html", '<main><h1>{{text:goodbye.heading}}</h1></main>')
    write(share, "common/doorward.css", "body { color: #123; }")
    write(share, "phrases/it.txt", "goodbye.heading = Arrivederci\nlogin.submit = Accedi\n")
    restart(stack, share_dir=share, language="it")
    page = Client(stack).get("/login/goodbye").text
    assert "<main><h1>Arrivederci</h1></main>" in page and '<html lang="it" dir="ltr">' in page
    form = Client(stack).get("/login").text
    assert ">Accedi<" in form and ">Password<" in form
    after = re.search(r"/login/doorward-[^\"]*\.css", form).group()
    assert after != before
    assert Client(stack).get(after).text == "body { color: #123; }"
    assert Client(stack).get(before).status_code == 404
    assert form_login(stack, "alice", USERS["alice"][0])[1].status_code == 303


def test_each_request_gets_its_language(private_stack):
    stack = private_stack()
    share = f"{stack.directory}/share"
    write(share, "phrases/it.txt", "login.submit = Accedi\nerror.not_found.title = Qui no\n")
    restart(stack, share_dir=share)

    def get(path, accept):
        answer = Client(stack).get(path, headers={"Accept-Language": accept, "Accept": "text/html"})
        assert answer.headers["Content-Language"] in answer.text
        assert "Accept-Language" in answer.headers["Vary"]
        assert "no-store" in answer.headers["Cache-Control"]
        return answer

    page = get("/login", "it,en;q=0.5")
    assert page.headers["Content-Language"] == "it" and '<html lang="it" dir="ltr">' in page.text
    assert ">Accedi<" in page.text and ">Password<" in page.text
    for accept in "en,it;q=0.5", "nl", "it;q=0":
        page = get("/login", accept)
        assert '<html lang="en" dir="ltr">' in page.text and ">Sign in<" in page.text
    assert "Qui no" in get("/login/nope", "it-CH").text
    assert ">Se connecter<" in get("/login", "nl, fr-CA;q=0.8, en;q=0.5").text
    answer = Client(stack).get("/login/nope", headers={"Accept-Language": "de",
                                                       "Accept": "application/json"})
    assert answer.json()["error"] == "not_found" and "Content-Language" not in answer.headers
    assert answer.json()["error_description"].isascii(), "texts for programs are English"


def test_the_sites_own_language_is_for_those_who_ask_for_none_that_there_is(private_stack):
    stack = private_stack()
    restart(stack, language="de")
    for accept, lang in ("nl", "de"), ("", "de"), ("en", "en"), ("*", "de"), ("fr", "fr"):
        page = Client(stack).get("/login", headers={"Accept-Language": accept})
        assert f'<html lang="{lang}" dir="ltr">' in page.text, accept


def test_one_broken_catalogue_gives_way_to_the_built_in_pages_for_everyone(private_stack):
    stack = private_stack()
    share = f"{stack.directory}/share"
    write(share, "phrases/de.txt", "no phrase\n")
    write(share, "phrases/fr.txt", "login.submit = Entrer\n")
    restart(stack, share_dir=share)
    for accept, submit in ("de", "Anmelden"), ("fr", "Se connecter"), ("en", "Sign in"):
        page = Client(stack).get("/login", headers={"Accept-Language": accept})
        assert page.status_code == 200 and f'<html lang="{accept}" dir="ltr">' in page.text
        assert f">{submit}<" in page.text
    with open(stack.web.log, encoding="utf-8") as f:
        assert ('event=built_in_pages_used reason="share_dir: phrases/de.txt:1: '
                'not `key = phrase`"') in f.read()
    refused = stack.doorward("config", "check", user=stack.web_user, check=False)
    assert refused.returncode == 1
    assert "pages: share_dir: phrases/de.txt:1: not `key = phrase`" in refused.stdout


def test_config_check_names_the_place_of_files_that_nothing_reads(private_stack):
    stack = private_stack()
    share = f"{stack.directory}/share"
    write(share, "login.html", "mine")
    write(share, "de.txt", "login.submit = Hinein\n")
    restart(stack, share_dir=share)
    page = Client(stack).get("/login", headers={"Accept-Language": "de"})
    assert "mine" not in page.text and ">Anmelden<" in page.text
    refused = stack.doorward("config", "check", user=stack.web_user, check=False)
    assert refused.returncode == 1
    assert "pages: de.txt: is not read; its place is phrases/de.txt" in refused.stdout
    assert "pages: login.html: is not read; its place is login/login.html" in refused.stdout


def test_a_broken_template_gives_way_to_the_built_in_one_and_config_check_names_it(private_stack):
    stack = private_stack()
    share = f"{stack.directory}/share"
    with open(f"{TREE}/share/login/login.html", encoding="utf-8") as f:
        login = f.read()
    write(share, "login/login.html", "mine" + login.replace("{{form_token}}", "{{from_token}}"))
    restart(stack, share_dir=share)
    for _ in range(3):
        answer = Client(stack).get("/login")
        assert answer.status_code == 200 and "mine" not in answer.text
    assert form_login(stack, "alice", USERS["alice"][0])[1].status_code == 303
    with open(stack.web.log, encoding="utf-8") as f:
        said = [line for line in f if "event=page_failed" in line]
    assert said and "no such value" in said[0] and "from_token" in said[0]
    refused = stack.doorward("config", "check", user=stack.web_user, check=False)
    assert refused.returncode == 1
    assert 'pages: login/login.html: no such value: "from_token"' in refused.stdout
    write(share, "login/login.html", login.replace("{{#problem}}", "<p {{problem}}>"))
    refused = stack.doorward("config", "check", check=False)
    assert refused.returncode != 0
    assert "login.html" in refused.stdout + refused.stderr


def test_a_broken_catalogue_gives_way_to_the_built_in_pages(private_stack):
    stack = private_stack()
    share = f"{stack.directory}/share"
    write(share, "phrases/de.txt", "login.submit = Anmelden\nlogin.submit = Nochmals\n")
    restart(stack, share_dir=share, language="de")
    page = Client(stack).get("/login")
    assert page.status_code == 200 and '<html lang="en" dir="ltr">' in page.text
    assert form_login(stack, "alice", USERS["alice"][0])[1].status_code == 303
    with open(stack.web.log, encoding="utf-8") as f:
        assert ('event=built_in_pages_used reason="share_dir: phrases/de.txt:2: login.submit stands in '
                'line 1 already"') in f.read()


def test_config_check_names_each_mistake_of_ones_own_files(private_stack):
    stack = private_stack()
    share = f"{stack.directory}/share"
    write(share, "login/login.html", "<main>{{nope}}</main>")
    write(share, "account/password.html", '<form><input name="form_token" value="{{form_token}}"></form>')
    write(share, "phrases/de.txt", "login.wrong = {{who}}\n")
    stack.write_settings(share_dir=share, language="de")

    def mistakes():
        said = stack.doorward("config", "check", user=stack.web_user, check=False).stdout
        return [line.split("pages: ")[1] for line in said.splitlines() if "pages: " in line]

    assert mistakes() == [
        'login/login.html: no such value: "nope"',
        'account/password.html: no form field has name="current"',
        'account/password.html: no form field has name="next"',
        'account/password.html: no form field has name="repeat"',
        'phrases/de.txt: login.wrong: no such value: "who"']
    write(share, "phrases/de.txt", "login.wrong = a\nlogin.lead = b\nlogin.wrong = c\n")
    assert mistakes() == ["share_dir: phrases/de.txt:3: login.wrong stands in line 1 already"]


def test_a_language_that_is_not_there_is_english_and_config_check_says_so(private_stack):
    stack = private_stack()
    restart(stack, language="xx")
    page = Client(stack).get("/login")
    assert page.status_code == 200 and '<html lang="en" dir="ltr">' in page.text
    refused = stack.doorward("config", "check", check=False)
    assert refused.returncode != 0 and "xx.txt" in refused.stdout + refused.stderr

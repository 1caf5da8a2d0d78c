"""Templates, texts and styles of one's own."""

import os
import re

from client import Client, form_login
from servers import TREE, USERS


def write(directory, name, text):
    """A file that the programs may read."""
    os.makedirs(directory, exist_ok=True)
    os.chmod(directory, 0o755)
    with open(f"{directory}/{name}", "w", encoding="utf-8") as f:
        f.write(text)
    os.chmod(f"{directory}/{name}", 0o644)


def restart(stack, **settings):
    """With other settings."""
    stack.write_settings(**settings)
    stack.stop_web()
    stack.start_web()


def test_own_files_replace_the_built_in_ones_and_the_rest_stays(private_stack):
    stack = private_stack()
    before = re.search(r"/login/doorward-[^\"]*\.css", Client(stack).get("/login").text).group()
    share = f"{stack.directory}/share"
    write(share, "goodbye.html", '<main><h1>{{text:goodbye.heading}}</h1></main>')
    write(share, "doorward.css", "body { color: #123; }")
    write(share, "de.txt", "goodbye.heading = Auf Wiedersehen\nlogin.submit = Anmelden\n")
    restart(stack, share_dir=share, language="de")
    page = Client(stack).get("/login/goodbye").text
    assert "<main><h1>Auf Wiedersehen</h1></main>" in page and '<html lang="de">' in page
    form = Client(stack).get("/login").text
    assert ">Anmelden<" in form and ">Password<" in form
    after = re.search(r"/login/doorward-[^\"]*\.css", form).group()
    assert after != before
    assert Client(stack).get(after).text == "body { color: #123; }"
    assert Client(stack).get(before).status_code == 404
    assert form_login(stack, "alice", USERS["alice"][0])[1].status_code == 303


def test_a_broken_template_gives_way_to_the_built_in_one_and_config_check_names_it(private_stack):
    stack = private_stack()
    share = f"{stack.directory}/share"
    with open(f"{TREE}/share/login.html", encoding="utf-8") as f:
        login = f.read()
    write(share, "login.html", "mine" + login.replace("{{form_token}}", "{{from_token}}"))
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
    assert 'pages: login.html: no such value: "from_token"' in refused.stdout
    write(share, "login.html", login.replace("{{#problem}}", "<p {{problem}}>"))
    refused = stack.doorward("config", "check", check=False)
    assert refused.returncode != 0
    assert "login.html" in refused.stdout + refused.stderr


def test_a_broken_catalogue_gives_way_to_the_built_in_pages(private_stack):
    stack = private_stack()
    share = f"{stack.directory}/share"
    write(share, "de.txt", "login.submit = Anmelden\nlogin.submit = Nochmals\n")
    restart(stack, share_dir=share, language="de")
    page = Client(stack).get("/login")
    assert page.status_code == 200 and '<html lang="en">' in page.text
    assert form_login(stack, "alice", USERS["alice"][0])[1].status_code == 303
    with open(stack.web.log, encoding="utf-8") as f:
        assert ('event=built_in_pages_used reason="share_dir: de.txt:2: login.submit stands in '
                'line 1 already"') in f.read()


def test_config_check_names_each_mistake_of_ones_own_files(private_stack):
    stack = private_stack()
    share = f"{stack.directory}/share"
    write(share, "login.html", "<main>{{nope}}</main>")
    write(share, "password.html", '<form><input name="form_token" value="{{form_token}}"></form>')
    write(share, "de.txt", "login.wrong = {{who}}\n")
    stack.write_settings(share_dir=share, language="de")

    def mistakes():
        said = stack.doorward("config", "check", user=stack.web_user, check=False).stdout
        return [line.split("pages: ")[1] for line in said.splitlines() if "pages: " in line]

    assert mistakes() == [
        'login.html: no such value: "nope"',
        'password.html: no form field has name="current"',
        'password.html: no form field has name="next"',
        'password.html: no form field has name="repeat"',
        'de.txt: login.wrong: no such value: "who"']
    write(share, "de.txt", "login.wrong = a\nlogin.lead = b\nlogin.wrong = c\n")
    assert mistakes() == ["share_dir: de.txt:3: login.wrong stands in line 1 already"]


def test_a_language_that_is_not_there_is_english_and_config_check_says_so(private_stack):
    stack = private_stack()
    restart(stack, language="xx")
    page = Client(stack).get("/login")
    assert page.status_code == 200 and '<html lang="en">' in page.text
    refused = stack.doorward("config", "check", check=False)
    assert refused.returncode != 0 and "xx.txt" in refused.stdout + refused.stderr

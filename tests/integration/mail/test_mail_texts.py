"""The content of a mail: headers, parts, links, languages, and nothing that was slipped in."""

import json
import re
import time
from email.utils import parsedate_to_datetime

import pytest

from mails import ticket_of

LINKED = {"invite": "invite", "register": "invite", "verify": "verify", "reset": "reset", "welcome": "welcome",
          "change-address": "change-address", "address-changed": "undo-address",
          "factor-link": "factor"}
# Where the link leads, if it is not /account/link.
PAGES = {"factor-link": "/login/factor"}
PLAIN = ["address-taken", "password-changed", "new-browser", "account-deleted", "test",
         "factor-added", "factor-removed", "factor-reset", "recovery-used", "token-made"]
# Those that are about a factor, as the functions in SQL add them, and what they must say.
FACTORS = [
    ("factor-added", {"what": "totp"}, "An app for one-time codes was set up"),
    ("factor-added", {"what": "passkey", "passkey": "Blue key"}, "Its name: Blue key"),
    ("factor-added", {"what": "recovery"}, "The old ones work no more"),
    ("factor-removed", {"what": "totp"}, "The app for one-time codes was removed"),
    ("factor-removed", {"what": "passkey", "passkey": "<b> key"}, "Its name: <b> key"),
    ("recovery-used", {"left": "9"}, "Codes that are left: 9."),
    ("recovery-used", {"left": "0"}, "Codes that are left: 0."),
    ("factor-reset", {}, "removed all second factors and passkeys"),
]


def test_a_mail_has_the_headers_that_it_must(outbox):
    outbox.add()
    outbox.send()
    [mail] = outbox.sent()
    assert mail.to == "ann@example.org"
    assert mail["From"] == "Example Club <club@club.example>"
    assert mail["Reply-To"] == "club@club.example"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["MIME-Version"] == "1.0" and mail["Content-Language"] == "en"
    assert re.fullmatch(r"<[0-9a-f]{32}@club\.example>", mail["Message-ID"])
    assert abs(parsedate_to_datetime(mail["Date"]).timestamp() - time.time()) < 60
    assert mail.message.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in mail.message.iter_parts()] \
        == ["text/plain", "text/html"]
    assert outbox.rows() == [(0,)]


def test_replies_go_where_the_settings_say(outbox):
    outbox.set(mail_reply_to="help@club.example")
    outbox.add()
    outbox.send()
    assert outbox.sent()[0]["Reply-To"] == "help@club.example"


@pytest.mark.parametrize("template", LINKED)
def test_a_link_is_made_when_the_mail_is(outbox, ann, template):
    """In both parts, readable as it is on the way; the database never has it."""
    kind = LINKED[template]
    data = {"invite": {"address": "bob@example.org"}, "verify": {"address": "ann@example.org"},
            "reset": {}, "factor": {}}.get(kind, {"address": "new@example.org"})
    link = outbox.link(kind, None if kind == "invite" else ann, json.dumps(data), template)
    outbox.send()
    [mail] = outbox.sent()
    page = PAGES.get(template, "/account/link")
    url = f"http://localhost{page}?token={ticket_of(kind, link)}"
    assert mail.link == url and f'href="{url}"' in mail.html and url.encode() in mail.raw
    assert mail.to == data.get("address", "ann@example.org")
    dump = str(outbox.db.sql("select l::text from doorward.links l"))
    assert url.partition("token=")[2] not in dump


@pytest.mark.parametrize("template", [*LINKED, *PLAIN])
def test_each_mail_can_be_made_and_is_ascii(outbox, ann, template):
    """Both parts say the same, no place is left empty."""
    if template in LINKED:
        kind = LINKED[template]
        outbox.link(kind, None if kind == "invite" else ann,
                    json.dumps({} if kind in ("reset", "factor") else {"address": "ann@example.org"}), template)
    else:
        outbox.add(template=template, user=ann, data=json.dumps(
            {"browser": "Firefox", "system": "Linux", "network": "192.0.2.7"}))
    outbox.send()
    [mail] = outbox.sent()
    mail.raw.decode("ascii")
    words = re.sub(r'[<>"]', " ", mail.html).split()
    for word in mail.text.split():
        assert word in words, word
    assert "{{" not in mail.text + mail.html and "  " not in mail["Subject"]
    assert mail.text.startswith("Hello ann," if "invite" != LINKED.get(template) else "Hello,")
    assert template != "new-browser" or "Firefox" in mail.text and "192.0.2.7" in mail.text
    assert all(len(line) <= 76 or "token=" in line for line in mail.text.splitlines())


@pytest.mark.parametrize("template, data, said", FACTORS)
def test_a_notice_about_a_factor_says_which_one_and_where_to_look(outbox, ann, template, data, said):
    """The name of a passkey is not that of the user, and is no markup."""
    outbox.add(template=template, user=ann, data=json.dumps(data))
    outbox.send()
    [mail] = outbox.sent()
    text = " ".join(mail.text.split())
    assert said in text and text.startswith("Hello ann,") and "your account ann " in text
    assert "<b>" not in mail.html and ("Its name" in text) is ("passkey" in data)
    assert mail.link is None
    where = "/login" if template == "factor-reset" else "/account/factors"
    assert f"http://localhost{where}" in text
    about = {"totp": "app for one-time codes was", "passkey": "A passkey was",
             "recovery": "New recovery codes were made"}
    for what, words in about.items():
        assert (words in text) is (what == data.get("what"))


NASTY = 'a"\\<b>=_ =?utf-8?Q?x?= --=_doorward--'


def test_names_become_neither_headers_nor_markup_nor_parts(outbox):
    """Of the site and of a person."""
    user = outbox.db.add_user(NASTY)
    outbox.set(site_name='Club "A" <b> é')
    with open(outbox.db.conf, encoding="utf-8") as f:
        text = f.read()
    with open(outbox.db.conf, "w", encoding="utf-8") as f:
        f.write(text.replace("site_name = Example Club\n", ""))
    outbox.add(user=user, template="password-changed")
    outbox.send()
    [mail] = outbox.sent()
    assert len(list(mail.message.iter_parts())) == 2
    assert mail["From"].addresses[0].display_name == 'Club "A" <b> é'
    assert mail["From"].addresses[0].addr_spec == "club@club.example"
    assert mail["Subject"] == 'Your password at Club "A" <b> é was changed'
    assert NASTY in " ".join(mail.text.split())
    assert "<b>" not in mail.html and "&lt;b&gt;" in mail.html
    assert mail.message.keys() == ["Date", "From", "To", "Reply-To", "Subject", "Message-ID",
                                   "Auto-Submitted", "MIME-Version", "Content-Language",
                                   "Content-Type"]


def test_the_notice_of_a_token_says_what_it_opens_and_where_to_end_it(outbox, ann):
    """Its name is the person's own word, and no markup."""
    outbox.add(template="token-made", user=ann, data=json.dumps(
        {"label": "<b> backup", "roles": "member", "prefix": "/dav", "expires": 1893456000}))
    outbox.add(template="token-made", user=ann, data=json.dumps(
        {"label": "report", "roles": "", "expires": 1893456000}))
    outbox.send()
    first, second = sorted(outbox.sent(), key=lambda mail: "report" in mail.text)
    for words in ("Its name: <b> backup", "Roles: member", "Only below: /dav", "2030",
                  "http://localhost/account/tokens"):
        assert words in first.text, words
    assert "<b>" not in first.html
    assert "Roles: none" in second.text and "Only below" not in second.text


@pytest.mark.parametrize("language, said", [("it", "Ciao ann,"), ("pt-BR", "Oi ann,"),
                                            ("nl", "Hello ann,"), (None, "Hello ann,")])
def test_a_mail_is_in_the_language_that_was_asked_for(outbox, ann, tmp_path, language, said):
    """What there is not is in the site's own; what a catalogue lacks is in English."""
    phrases = tmp_path / "share" / "phrases"
    phrases.mkdir(parents=True)
    (phrases / "it.txt").write_text("mail.hello = Ciao {{name}},\n")
    (phrases / "pt-br.txt").write_text("mail.hello = Oi {{name}},\n")
    outbox.set(share_dir="share")
    outbox.add(user=ann, language=language)
    outbox.send()
    [mail] = outbox.sent()
    assert mail.text.startswith(said) and "arrive" in mail.text
    assert mail["Content-Language"] == {"it": "it", "pt-BR": "pt-br"}.get(language, "en")


def test_the_choice_of_a_user_comes_before_the_language_of_the_page(outbox, ann):
    """A stranger asks for the mail, in the language of the stranger's browser."""
    outbox.db.sql("update doorward.users set language = 'fr' where id = %s", ann)
    outbox.add(user=ann, language="de")
    outbox.add(user=None, language="de")
    outbox.send()
    to_ann, to_nobody = outbox.sent()
    assert to_ann["Content-Language"] == "fr" and to_ann.text.startswith("Bonjour ann,")
    assert to_nobody["Content-Language"] == "de" and to_nobody.text.startswith("Guten Tag,")
    assert to_ann["Subject"] == "Un e-mail de test de Example Club"


# A time in each language, in the zone of the site.
TIMES = {"en": r"on \d+ \w+ \d{4}, \d\d:\d\d CES?T,", "de": r"am \d+\. \w+ \d{4}, \d\d:\d\d CES?T ",
         "fr": r"le (\d+|1er) \w+ \d{4}, \d\d:\d\d CES?T,",
         "es": r"el \d+ de \w+ de \d{4}, \d\d:\d\d CES?T "}


def test_times_are_in_the_language_of_the_mail_and_in_the_zone_of_the_site(outbox, ann):
    outbox.set(time_zone="Europe/Berlin")
    for language in TIMES:
        outbox.add(user=ann, language=language)
    outbox.send()
    mails = {mail["Content-Language"]: mail for mail in outbox.sent()}
    assert mails.keys() == TIMES.keys()
    for language, form in TIMES.items():
        for text in mails[language].text, mails[language].html:
            assert re.search(form, " ".join(text.split())), (language, text)


def test_a_mail_of_share_dir_stands_in_for_the_built_in_one(outbox, ann, tmp_path):
    (tmp_path / "share" / "mail").mkdir(parents=True)
    (tmp_path / "share" / "mail" / "test.txt").write_text("Only {{name}} & <me>\n")
    outbox.set(share_dir="share")
    outbox.add(user=ann)
    outbox.send()
    [mail] = outbox.sent()
    assert "Only ann & <me>" in mail.text and "arrive" in mail.html


def test_a_mail_of_share_dir_that_cannot_be_made_is_replaced(outbox, ann, tmp_path):
    """People get their link whatever is wrong with the look of it."""
    (tmp_path / "share" / "mail").mkdir(parents=True)
    (tmp_path / "share" / "mail" / "reset.txt").write_text("{{nonsense}}")
    outbox.set(share_dir="share")
    outbox.link("reset", ann)
    outbox.send()
    assert outbox.sent()[0].link
    done = outbox.db.doorward("config", "check")
    assert done.returncode == 1 and "mail/reset.txt in en: " in done.stdout
    assert "nonsense" in done.stdout


def test_a_mail_server_without_a_key_for_its_links_is_said(outbox):
    outbox.set(mail_key=None)
    done = outbox.db.doorward("config", "check")
    assert done.returncode == 1 and "mail_key is missing: no link can be mailed" in done.stdout

"""What was mailed, read as a mail program reads it, and what adds a mail to the outbox."""

import email.policy
import glob
import os
import re
import subprocess

from database import COMMAND
from tickets import make_ticket

KEY = b"a mail key of more than 32 bytes, for tests"


class Mail:
    """One mail."""

    def __init__(self, raw):
        self.raw = raw
        self.message = email.message_from_bytes(raw, policy=email.policy.default)
        self.text, self.html = (self.message.get_body((kind,)).get_content()
                                for kind in ("plain", "html"))

    def __getitem__(self, name):
        return self.message[name]

    @property
    def to(self):
        """The recipient's address."""
        return self.message["To"].addresses[0].addr_spec

    @property
    def link(self):
        """The address in it that opens something; None when there is none."""
        found = [word for word in self.text.split() if re.search(r"/(account/link|login/factor)\?token=", word)]
        return found[0] if found else None


def mails_in(directory):
    """Those that mail_server = file:DIRECTORY has got, oldest first."""
    mails = []
    for path in sorted(glob.glob(f"{directory}/*.eml")):
        with open(path, "rb") as f:
            mails.append(Mail(f.read()))
    return mails


class Outbox:
    """A database whose mails go to files, and its worker."""

    def __init__(self, db, directory):
        self.db, self.directory = db, f"{directory}/mail"
        os.makedirs(self.directory, exist_ok=True)
        with open(f"{directory}/mail.key", "wb") as f:
            f.write(KEY)
        os.chmod(f"{directory}/mail.key", 0o600)
        self.changed = {"mail_key": "mail.key", "mail_server": f"file:{self.directory}",
                        "mail_from": "club@club.example"}
        with open(db.conf, encoding="utf-8") as f:
            self.settings = f.read()
        self.set()

    def set(self, **changes):
        """Change settings; None removes one."""
        self.changed.update(changes)
        with open(self.db.conf, "w", encoding="utf-8") as f:
            f.write(self.settings)
            f.writelines(f"{name} = {value}\n" for name, value in self.changed.items()
                         if value is not None)

    def add(self, recipient="ann@example.org", template="test", user=None, language=None,
            data=None):
        """A mail that is due now; its id."""
        return self.db.one("select doorward.outbox_add(%s, %s, %s, null, %s, %s)", template,
                           language, recipient, user, data, role="doorward_account")

    def link(self, kind, user=None, data="{}", template=None):
        """A link with its mail; the link's id."""
        return self.db.one("select doorward.link_make(%s, %s, null, %s, 1, null, %s, null, 'x')",
                           kind, user, data, template or kind)

    def send(self, status=0, stderr=""):
        """Run the worker."""
        done = self.db.doorward("mail", "send")
        assert done.returncode == status, done.stderr
        assert stderr in done.stderr if stderr else not done.stderr
        assert not done.stdout
        return done

    def start_send(self, *more):
        """The same, and do not wait for its end."""
        return subprocess.Popen([COMMAND, "--config", self.db.conf, "mail", "send", *more],
                                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def sent(self):
        """What has arrived as files."""
        return mails_in(self.directory)

    def rows(self, columns="count(*)"):
        """What is in the outbox."""
        return self.db.sql(f"select {columns} from doorward.outbox")

    def retry(self):
        """Make all that wait due now."""
        assert self.db.doorward("mail", "retry").returncode == 0


def ticket_of(kind, link):
    """What the mail of that link must hold."""
    return make_ticket(kind, KEY, link)

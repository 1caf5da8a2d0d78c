"""How each action of the matrix is done: a function of the same name as its row. A row whose key
ends in -again is done twice, the first time while the revocation file cannot be written."""

import json
import os
import secrets
import shutil
import time
from contextlib import contextmanager

import jwt
import matrix
import revoked
from admin import act, admin
from client import ALICE, claims, hidden_fields, json_login
from factor_rows import add_passkey
from links import use_link

NEW_PASSWORD = "otters sleep on their backs"


def do(stack, user):
    """Do the action of the user's row; what its answers said."""
    name = user.row.key.removesuffix("-again").replace("-", "_")
    action = globals().get(name) or getattr(user.own_actions, name)
    said = []
    if user.row.key.endswith("-again"):
        with no_revocation_file_written(stack):
            said.append("done" if action(stack, user) else "not done")
    if user.row.how == matrix.PUBLISHED:
        action = published
    said.append("done" if action(stack, user) else "not done")
    if is_to_die(user.row) and not is_told(stack, user):
        said.append("but the verifiers were not told")
    return said


def is_to_die(row):
    """Whether an access token dies by the revocation file."""
    words = {row.cells.get(column) for column in ("bearer-program", "strong-gate", "app-gate")}
    return "refused" in words and row.key != "retired"


def is_told(stack, user):
    """At once: what is done after it writes the file again, and would hide it."""
    return claims(user.api["access"]["token"])["sid"] in \
        revoked.read(f"{stack.directory}/run/revocations")


@contextmanager
def no_revocation_file_written(stack):
    """As on a full disk: the file stays as it is, and nobody can write it, root neither."""
    path = f"{stack.directory}/run"
    conf, good = f"{stack.directory}/cannot.conf", stack.conf
    with open(good, encoding="utf-8") as f, open(conf, "w", encoding="utf-8") as out:
        out.write(f.read().replace("run/revocations", "nowhere/revocations"))
    kept = os.stat(path)
    os.chmod(path, 0o555)
    os.chown(path, os.geteuid(), os.getegid())
    stack.conf = conf
    try:
        yield
    finally:
        stack.conf = good
        os.chown(path, kept.st_uid, kept.st_gid)
        os.chmod(path, kept.st_mode & 0o7777)


def command(stack, *argv, stdin=""):
    """The operator's command; whether it says that it was done."""
    return stack.doorward(*argv, stdin=stdin, check=False).returncode == 0


def role_given(stack, user):
    return command(stack, "user", "role", user.name, "--add", "editor")


def role_taken(stack, user):
    return command(stack, "user", "role", user.name, "--remove", "editor")


def disabled(stack, user):
    return command(stack, "user", "disable", user.name)


def enabled(stack, user):
    return disabled(stack, user) and command(stack, "user", "enable", user.name)


def renamed(stack, user):
    old, user.name = user.name, f"{user.name}-new"
    return command(stack, "user", "rename", old, user.name, "--yes")


def deleted(stack, user):
    return command(stack, "user", "delete", user.name, "--yes")


def deleted_own(_, user):
    return user.here.post("/account/delete",
                          data=dict(user.form_here, sure="yes")).status_code == 303


def profile(_, user):
    return user.here.post("/account/profile", data=dict(
        user.form_here, display_name="Another", language="en")).status_code == 303


def address_asked(_, user):
    return user.here.post("/account/address", data=dict(
        user.form_here, mail=f"{user.name}@example.com")).status_code == 303


def address_set(stack, user):
    return command(stack, "user", "set", user.name, "--mail", f"{user.name}@example.org",
                   "--verified")


def password_operator(stack, user):
    user.password = NEW_PASSWORD
    return command(stack, "user", "passwd", user.name, "--password-stdin", stdin=NEW_PASSWORD)


def password_own(_, user):
    fields = dict(user.form_here, current=user.password, next=NEW_PASSWORD, repeat=NEW_PASSWORD)
    user.password = NEW_PASSWORD
    return user.here.post("/account/password", data=fields).status_code == 303


def password_tokens(_, user):
    fields = dict(user.form_here, current=user.password, next=NEW_PASSWORD, repeat=NEW_PASSWORD,
                  end_tokens="1")
    user.password = NEW_PASSWORD
    return user.here.post("/account/password", data=fields).status_code == 303


def tokens_operator(stack, user):
    return command(stack, "token", "end", "--user", user.name)


def tokens_own(_, user):
    form_token = hidden_fields(user.here.get("/account/tokens").text)["form_token"]
    done = [user.here.post("/account/tokens", data={"form_token": form_token,
                                                    "token": claims(held)["sid"]}).status_code
            for held in user.scripts.values()]
    return set(done) == {303}


def reset(stack, user):
    user.password = NEW_PASSWORD
    return use_link(stack, user.own_link, password=NEW_PASSWORD).status_code == 303


def address_changed(stack, user):
    return use_link(stack, user.own_link).status_code == 303


def address_undone(stack, user):
    return use_link(stack, user.own_link).status_code == 303


def logged_out(_, user):
    statuses = user.log_out_all()
    assert set(statuses) <= {204, 303} or set(statuses) == {503}, statuses
    return 503 not in statuses


def sessions(stack, user):
    """The ids of all sessions of a user."""
    return [s["id"] for s in json.loads(stack.doorward("session", "list", user.name, "--json"))]


def ended_own(stack, user):
    done = [user.here.post("/account/end", data=dict(user.form_here, session=one)).status_code
            for one in sessions(stack, user)]
    return set(done[:-1]) == {303}


def ended_operator(stack, user):
    user.ids = getattr(user, "ids", None) or sessions(stack, user)
    return min(command(stack, "session", "end", one) for one in user.ids)


def others(_, user):
    return user.here.post("/account/end",
                          data=dict(user.form_here, others="1")).status_code == 303


def all_operator(stack, user):
    return command(stack, "session", "end", "--user", user.name)


def sids_added(stack, user):
    return min(command(stack, "revocations", "add", sid) for sid in user.sids())


def restored(stack, user):
    stack.sql("delete from doorward.sessions where user_id = (select id from doorward.users"
              f" where name = '{user.name}')")
    return True


def nothing(*_):
    return True


def settings(stack, _):
    stack.write_settings(token_life="7m")
    return True


def restarted(stack, user):
    return settings(stack, user)


def tidied(stack, _):
    """Both ways."""
    done = command(stack, "db", "tidy")
    stack.sql("update doorward.upkeep set tidied_at = null")
    steps = 0
    while stack.sql("select doorward.upkeep_step()", role="doorward_login") == "0" and steps < 100:
        steps += 1
    return done and steps < 100


def rotated(stack, _):
    return command(stack, "key", "rotate", "--now")


def lost(stack, _):
    os.unlink(f"{stack.directory}/run/revocations")
    return True


def published(stack, _):
    return command(stack, "revocations", "publish")


def secret(stack, _):
    return replaced(f"{stack.directory}/keys/session.secret")


def mail_key(stack, _):
    return replaced(f"{stack.directory}/keys/mail.key")


def factor_key(stack, _):
    """A newer one, which is the last by its name."""
    directory = f"{stack.directory}/keys/factor"
    old = f"{directory}/{max(os.listdir(directory))}"
    shutil.copy(old, f"{directory}/2099-01")
    shutil.copystat(old, f"{directory}/2099-01")
    os.chown(f"{directory}/2099-01", os.stat(old).st_uid, os.stat(old).st_gid)
    return replaced(f"{directory}/2099-01")


def factor_keys_lost(stack, _):
    """Files of the same names, as on a host that was set up anew."""
    directory = f"{stack.directory}/keys/factor"
    return all([replaced(f"{directory}/{name}") for name in os.listdir(directory)])


def app_removed(_, user):
    return user.here.post("/account/factor", data={
        "form_token": user.form_here["form_token"], "do": "remove",
        "id": "totp"}).headers.get("Location") == "/account/factors?done=removed"


def passkey_added(stack, user):
    return bool(add_passkey(stack, user.factors.user))


def factors_reset(stack, user):
    return command(stack, "user", "factor", "reset", user.name, "--yes")


def required(stack, _):
    """Until somebody without a factor has noticed it: programs look at their settings from time
    to time."""
    stack.write_settings(factor_required="all")
    for _ in range(50):
        if json_login(stack, *ALICE).json().get("error") == "mfa_setup_required":
            return True
        time.sleep(0.1)
    return False


# ---- what an admin does on the person's page ----

def by_admin(stack, user, button, **fields):
    """Whether it was done: the page of the person, or the list, says so."""
    return act(admin(stack), user.name, button, **fields).status_code == 303


def admin_role_given(stack, user):
    return by_admin(stack, user, "role", roles="member editor")


def admin_role_taken(stack, user):
    return by_admin(stack, user, "role", roles="member")


def admin_disabled(stack, user):
    return by_admin(stack, user, "disable")


def admin_enabled(stack, user):
    return admin_disabled(stack, user) and by_admin(stack, user, "enable")


def admin_ended(stack, user):
    return by_admin(stack, user, "end")


def admin_tokens(stack, user):
    return by_admin(stack, user, "programs")


def admin_reset(stack, user):
    return by_admin(stack, user, "reset")


def admin_unlocked(stack, user):
    """Somebody has guessed until the name has to wait."""
    stack.sql("insert into doorward.attempts (bucket, level, at) select doorward.bucket_user(id), 30,"
              f" now() from doorward.users where name = '{user.name}' on conflict (bucket)"
              " do update set level = 30, at = now()")
    return by_admin(stack, user, "unlock")


def admin_profile(stack, user):
    return by_admin(stack, user, "profile", display_name="Another")


def admin_address(stack, user):
    return by_admin(stack, user, "profile", address=f"{user.name}@example.com")


def admin_factor(stack, user):
    return by_admin(stack, user, "factor")


def admin_renamed(stack, user):
    old = user.name
    done = by_admin(stack, user, "rename", name=f"{old}-new")
    user.name = f"{old}-new"
    return done


def admin_deleted(stack, user):
    return by_admin(stack, user, "delete")


def codes_made(_, user):
    page = user.here.get("/login/factor")
    return user.here.post("/login/factor", data={
        **hidden_fields(page.text), "do": "recovery"}).status_code == 200


def replaced(path):
    """Another key in the file."""
    old = os.stat(path)
    with open(path + ".new", "w", encoding="ascii") as f:
        f.write(secrets.token_hex(32) + "\n")
    os.chown(path + ".new", old.st_uid, old.st_gid)
    os.chmod(path + ".new", old.st_mode & 0o777)
    os.rename(path + ".new", path)
    return True


def retired(stack, user):
    """Because it got out: another one signs at once."""
    kid = jwt.get_unverified_header(user.api["access"]["token"])["kid"]
    return rotated(stack, user) and command(stack, "key", "retire", "--now", kid)

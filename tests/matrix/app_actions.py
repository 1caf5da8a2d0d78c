"""What is done to clients of the provider, and by them: the actions of app_matrix.py that no other
table has."""

from actions import command
from client import hidden_fields


def role_demanded(stack, user):
    return command(stack, "user", "role", user.name, "--remove", "editor")


def each(stack, user, *argv):
    """Both clients of the row."""
    return all([command(stack, "client", argv[0], app.id, *argv[1:])
                for app in (user.app, user.of_site)])


def client_removed(stack, user):
    return each(stack, user, "remove")


def consent_withdrawn(_, user):
    form_token = hidden_fields(user.here.get("/account/apps").text)["form_token"]
    return {user.here.post("/account/apps", data={
        "form_token": form_token, "client": app.id}).status_code
            for app in (user.app, user.of_site)} == {303}


def secret_made(stack, user):
    return each(stack, user, "secret")


def secret_now(stack, user):
    return each(stack, user, "secret", "--now")


def client_narrowed(stack, user):
    return each(stack, user, "set", "--scope", "openid offline_access")


def client_moved(stack, user):
    return each(stack, user, "set", "--redirect", "https://app.example/moved")


def client_asks(stack, user):
    return each(stack, user, "set", "--consent", "ask")


def client_demands(stack, user):
    return each(stack, user, "set", "--role", "editor")


def given_back(_, user):
    answers = [user.app.revoke(user.tokens[key]["refresh_token"]) for key in (
        "refresh", "refresh-offline", "access", "access-offline")]
    answers.append(user.of_site.revoke(user.tokens["roles"]["refresh_token"]))
    return {answer.status_code for answer in answers} == {200}

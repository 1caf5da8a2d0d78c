"""What a person does on the account's pages."""

from client import form_login, hidden_fields

NEW = "a wholly different phrase"


def log_in(stack, name, password, agent=None):
    """A browser that is signed in."""
    client, answer = form_login(stack, name, password)
    assert answer.status_code == 303
    if agent:
        client.headers["User-Agent"] = agent
        page = client.get("/login?need=fresh")
        client.post("/login", data=dict(hidden_fields(page.text), username=name,
                                        password=password))
    return client


def form_token(client):
    """The token that the account's forms carry."""
    return hidden_fields(client.get("/account/profile").text)["form_token"]


def change(client, current, new, repeat=None, **more):
    """Send the form that changes the password."""
    fields = {"form_token": form_token(client), "current": current, "next": new,
              "repeat": new if repeat is None else repeat}
    return client.post("/account/password", data=dict(fields, **more))

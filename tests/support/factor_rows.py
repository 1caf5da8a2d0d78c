"""Factors that a test puts into the database itself, without a device that has made them."""

SECRET = "5e" * 32


def add_app(stack, user):
    """An app for one-time codes; nobody has its secret."""
    stack.sql("insert into doorward.totp values"
              f" ('{user}', 'k1', '\\x{SECRET}', 0, doorward.now(), null)")


def add_passkey(stack, user, name="Blue key", synced=False, rp_id="localhost"):
    """A passkey whose private key nobody has; its id."""
    return stack.sql(
        "insert into doorward.passkeys (user_id, credential_id, rp_id, jwk, counter,"
        " backup_eligible, backed_up, transports, name, created_at) values"
        f" ('{user}', decode(md5(random()::text), 'hex'), '{rp_id}', '{{}}', 0, {synced},"
        f" {synced}, '{{usb}}', $name${name}$name$, doorward.now()) returning id").split()[0]


def add_codes(stack, user, used=0):
    """Ten recovery codes, of which some were used."""
    stack.sql("insert into doorward.recovery_codes (user_id, hash, used_at)"
              f" select '{user}', decode(lpad(to_hex(n), 2, '0') || repeat('5e', 31), 'hex'),"
              f" case when n <= {used} then doorward.now() end from generate_series(1, 10) n")


def add_others(stack, user):
    """A remembered browser, and a login under way."""
    stack.sql("insert into doorward.trusted select id, decode(repeat('5e', 32), 'hex'),"
              f" device_version, doorward.now() + interval '1 day' from doorward.users"
              f" where id = '{user}'")
    stack.sql("insert into doorward.flows (hash, user_id, password_version, device_version,"
              " browser, remember, setup, linked, created_at, ends_at)"
              " select decode(repeat('5e', 32), 'hex'), id, password_version, device_version,"
              " true, false, false, false, doorward.now(), doorward.now() + interval '9 minutes'"
              f" from doorward.users where id = '{user}'")


def prove(stack, user, amr="pwd otp mfa", ago="0 seconds"):
    """The sessions of the user have proven a factor."""
    words = amr.replace(" ", ",")
    stack.sql(f"update doorward.sessions set amr = '{{{words}}}',"
              f" factor_at = doorward.now() - interval '{ago}' where user_id = '{user}'")

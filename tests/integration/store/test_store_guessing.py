"""Guessing does not pay: throttling by name, address and device, on a clock that is moved."""

import pytest

from database import in_parallel


CLOCK = """create or replace function doorward.now() returns timestamptz language sql volatile
    as 'select to_timestamp(current_setting(''test.clock'')::float8)'"""

GUESS = """
create procedure pg_temp.guess(p_step double precision, p_seconds double precision,
    p_name text, p_address text, inout tries integer, inout guesses integer) as $$
declare
    v_start double precision := extract(epoch from clock_timestamp());
    v_at double precision := 0;
    v_wait integer;
begin
    tries := 0; guesses := 0;
    while v_at < p_seconds loop
        perform set_config('test.clock', (v_start + v_at)::text, false);
        select wait into v_wait from doorward.login_begin(p_name,
            replace(p_address, '*', (guesses % 250)::text)::inet, null, null, 0, 'name', '{}');
        guesses := guesses + 1;
        if v_wait = 0 then tries := tries + 1; end if;
        v_at := v_at + p_step;
        if guesses % 100 = 0 then commit; end if;
    end loop;
end $$ language plpgsql"""


def guess(db, step, seconds, name, address):
    """Guess every `step` seconds for so long, then stay there; (tries, guesses)."""
    cursor = db.connect().cursor()
    cursor.execute(CLOCK)
    cursor.execute(GUESS)
    cursor.execute("call pg_temp.guess(%s, %s, %s, %s, 0, 0)", (step, seconds, name, address))
    counted = cursor.fetchone()
    db.move_clock(seconds)
    return counted


@pytest.mark.parametrize("name", ["ann", "nobody-of-that-name"])
def test_ten_thousand_guesses_get_a_hundred_tries_a_day(db, name):
    """From many addresses, whether the account exists or not; and the owner still gets in."""
    db.add_user("ann")
    laptop = db.device("ann", "laptop")
    tries, guesses = guess(db, 8.64, 86400, name, "198.51.100.*")
    assert guesses >= 10000 and 20 < tries <= 100
    assert db.begin("ann", "203.0.113.5", laptop)[0] == 0
    assert db.begin("ann", "203.0.113.5", laptop)[4] is True
    assert db.begin(name, "203.0.113.5")[0] > 0


def test_a_patient_guesser_gets_no_more(db):
    """Who waits exactly as long as told."""
    db.add_user("ann")
    for step in (300, 600, 1200, 1800):
        db.sql("delete from doorward.attempts")
        tries, _ = guess(db, 0.01, 5, "ann", "198.51.100.*")
        more, _ = guess(db, step, 86400, "ann", "198.51.100.*")
        assert 40 < tries + more <= 100, step


def test_two_hundred_guesses_at_once_do_not_outrun_the_counter(db):
    """Ten are free, the rest wait."""
    db.add_user("ann")
    db.stop_clock()
    connections = [db.connect("doorward_login") for _ in range(40)]

    def work(i):
        waits = []
        for n in range(5):
            cursor = connections[i].cursor()
            cursor.execute("select wait from doorward.login_begin('ann', %s, null,"
                           " null, 0, 'name', '{}')",
                           (f"198.51.{i}.{n}",))
            waits.append(cursor.fetchone()[0])
        return waits

    waits = [wait for one in in_parallel(40, work) for wait in one]
    assert len(waits) == 200 and waits.count(0) == 10


def test_an_address_is_counted_over_all_names(db):
    """IPv6 by its /64."""
    db.stop_clock()

    def spray(address, n):
        return [db.begin(f"name{i}", address % i if "%" in address else address)[0]
                for i in range(n)].count(0)
    assert spray("2001:db8:1:2::%x", 80) == 60
    assert db.begin("another", "2001:db8:1:2:ffff::1")[0] > 0
    assert db.begin("another", "2001:db8:1:3::1")[0] == 0


def test_a_throttled_try_does_not_count_elsewhere(db):
    """A try that its address delays uses no try of an account, and leaves no row."""
    db.add_user("ann")
    db.stop_clock()
    for i in range(70):
        db.begin(f"name{i}", "198.51.100.7")
    before = db.sql("select count(*) from doorward.attempts")
    for _ in range(50):
        assert db.begin("ann", "198.51.100.7")[0] > 0
        assert db.begin("someone", "198.51.100.7")[0] > 0
    assert db.sql("select count(*) from doorward.attempts") == before
    assert db.begin("ann", "198.51.100.8")[0] == 0


def test_a_right_password_takes_back_its_own_try_only(db):
    """Logging in uses up no tries; who has an account clears no way for guesses."""
    db.add_user("ann")
    db.stop_clock()
    for i in range(30):
        assert db.begin("ann")[0] == 0
        assert isinstance(db.open("ann", f"r{i}"), tuple)
    for _ in range(9):
        assert db.begin("ann")[0] == 0
    assert db.begin("ann")[0] == 0
    assert db.open("ann", "r99")
    assert db.begin("ann")[0] == 0
    assert db.begin("ann")[0] > 0


def test_unlock_clears_the_way(db):
    """For the operator's friend on the telephone."""
    db.add_user("ann")
    while db.begin("ann")[0] == 0:
        pass
    assert db.doorward("user", "unlock", "Ann").returncode == 0
    assert db.begin("ann")[0] == 0


def test_a_device_is_known_to_its_own_user_only(db):
    """Somebody else's secret buys no tries, and neither does one for a name that nobody has."""
    db.add_user("ann")
    db.add_user("mallory")
    hers = db.device("mallory", "hers")
    assert db.begin("mallory", device=hers)[4] is True
    assert db.begin("ann", device=hers)[4] is False
    assert db.begin("nobody-of-that-name", device=hers)[4] is False
    assert db.begin("nobody-of-that-name", device=("x", None, 0))[4] is False


@pytest.mark.parametrize("ends", [
    "select doorward.user_password('ann', '$other', 'test')",
    "select doorward.user_disable('ann', true, 'test')",
    "select doorward.user_sessions_end('ann', 'test')",
    "select doorward.account_sessions_end(id, null, null) from doorward.users where name = 'ann'",
    "select doorward.account_password_end(u.id, 1, '$other', s.sid, null, false, false) from"
    " doorward.users u"
    " join doorward.sessions s on s.user_id = u.id where u.name = 'ann'",
])
def test_devices_do_not_outlive_what_ends_everything(db, ends):
    """Whoever had the password yesterday keeps no tries of their own."""
    db.add_user("ann")
    db.add_user("bob")
    assert db.open("ann", "r")
    old, bobs = db.device("ann", "stolen"), db.device("bob", "laptop")
    assert db.begin("ann", device=old)[4] is True
    db.sql(ends)
    assert db.begin("ann", device=old)[4] is False
    assert db.begin("ann", device=db.device("ann", "stolen"))[4] is True
    assert db.begin("bob", device=bobs)[4] is True


def test_what_ends_one_thing_leaves_the_devices_alone(db):
    """Another role, one session, being enabled again."""
    db.add_user("ann")
    session, _ = db.open("ann", "r")
    db.one("select doorward.user_disable('ann', true, 'test')")
    laptop = db.device("ann", "laptop")
    db.one("select doorward.user_disable('ann', false, 'test')")
    db.one("select doorward.user_roles('ann', '{member}', '{}', 'test')")
    db.one("select doorward.session_end_any(%s, 'test')", session)
    assert db.begin("ann", device=laptop)[4] is True


def test_each_device_has_ten_tries_and_no_more(db):
    """And unlocking forgets them too."""
    db.add_user("ann")
    db.stop_clock()
    for what in ("laptop", "phone"):
        device = db.device("ann", what)
        assert [db.begin("ann", device=device)[0] for _ in range(12)].count(0) == 10
    assert db.doorward("user", "unlock", "ann").returncode == 0
    assert db.begin("ann", device=db.device("ann", "phone"))[0] == 0
    assert db.one("select count(*) from doorward.attempts where bucket like 'device:%%'"
                  " and refused + 0 = %s", 0) == 1


# ---- successful logins ----

def succeed(db, i):
    """One login with the right password: a session, or the seconds to wait."""
    assert db.begin("ann")[0] == 0
    return db.open("ann", f"r{i}")


def set_clock(db, at):
    """doorward.now() stands at that time."""
    db.sql("create or replace function doorward.now() returns timestamptz language sql volatile"
           f" as 'select to_timestamp({at})'")


def test_sixty_logins_are_free_and_then_one_in_thirty_seconds(db):
    """The wait that is told is exact, and a login that has to wait changes nothing."""
    db.add_user("ann")
    set_clock(db, 1800000000)
    assert all(isinstance(succeed(db, i), tuple) for i in range(60))
    assert succeed(db, 60) == 30
    set_clock(db, 1800000012)
    assert succeed(db, 61) == 18
    set_clock(db, 1800000029.9)
    assert succeed(db, 62) == 1
    set_clock(db, 1800000030)
    assert isinstance(succeed(db, 63), tuple)
    assert succeed(db, 64) == 30
    set_clock(db, 1800000030 + 90)
    assert [isinstance(succeed(db, i), tuple) for i in range(70, 74)] == [True] * 3 + [False]
    assert db.one("select count(*) from doorward.sessions") == 64
    assert db.one("select count(*) from doorward.refresh_tokens") == 64
    assert db.one("select count(*) from doorward.audit where event = 'login_ok'") == 64
    assert db.one("select count(*) from doorward.audit where event = 'login_too_often'") == 3


def test_who_logs_in_too_often_has_not_guessed(db):
    """Eighty right passwords use up no try of the name."""
    db.add_user("ann")
    db.stop_clock()
    assert [isinstance(succeed(db, i), tuple) for i in range(80)].count(True) == 60
    assert [db.begin("ann")[0] for _ in range(11)].count(0) == 10


def test_wrong_passwords_are_no_successful_logins(db):
    """Nor do one user's logins keep another out; unlocking forgets them."""
    db.add_user("ann")
    db.add_user("bob")
    db.stop_clock()
    for i in range(60):
        succeed(db, i)
    assert db.open("bob", "b0") and isinstance(db.open("bob", "b1"), tuple)
    assert succeed(db, 60) == 30
    assert db.open("ann", "r61", version=7) is None
    assert db.doorward("user", "unlock", "ann").returncode == 0
    assert isinstance(succeed(db, 62), tuple)


def test_logins_at_once_do_not_outrun_their_counter(db):
    """Eighty under way at the same time: sixty sessions."""
    db.add_user("ann")
    db.stop_clock()
    found = [o for four in in_parallel(20, lambda i: [db.open("ann", f"r{i} {n}")
                                                      for n in range(4)]) for o in four]
    assert [isinstance(o, tuple) for o in found].count(True) == 60


def test_what_could_not_be_judged_is_nobodys_guess(db):
    """No memory for the hash: the try is taken back, of a device as well."""
    db.add_user("ann")
    db.stop_clock()
    device = db.device("ann", "laptop")
    for _ in range(30):
        assert db.begin("ann")[0] == 0
        db.sql("select doorward.login_unjudged(%s, 'ann', '192.0.2.1', null)", device[1],
               role="doorward_login")
        assert db.begin("ann", device=device)[0] == 0
        db.sql("select doorward.login_unjudged(%s, 'ann', '192.0.2.1', sha256('laptop'))",
               device[1], role="doorward_login")


def test_three_guessers_of_new_and_old_buckets_do_not_deadlock(db):
    """One locks what is there, another makes what is missing: all in one order."""
    db.add_user("ann")
    connections = [db.connect("doorward_login") for _ in range(6)]

    def work(i):
        cursor = connections[i].cursor()
        for n in range(150):
            cursor.execute("select wait from doorward.login_begin(%s, %s, null, null, 0, 'name', '{}')",
                           (f"name {n + i % 3}", f"198.51.100.{(n - i % 2) % 250}"))
        return True
    assert all(in_parallel(6, work))

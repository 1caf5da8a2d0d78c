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
            replace(p_address, '*', (guesses % 250)::text)::inet, null);
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
    db.begin("ann")
    db.open("ann", "r0", new_device="laptop")
    tries, guesses = guess(db, 8.64, 86400, name, "198.51.100.*")
    assert guesses >= 10000 and 20 < tries <= 100
    assert db.begin("ann", "203.0.113.5", "laptop")[0] == 0
    assert db.begin("ann", "203.0.113.5", "laptop")[4] is True
    assert db.begin(name, "203.0.113.5", "another laptop")[0] > 0


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
            cursor.execute("select wait from doorward.login_begin('ann', %s, null)",
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
    """Whose address has to wait uses up no account's tries, and leaves no row behind."""
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
    """Who logs in often is never throttled; who has an account clears no way for guesses."""
    db.add_user("ann")
    db.stop_clock()
    for i in range(30):
        assert db.begin("ann")[0] == 0
        assert db.open("ann", f"r{i}")
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
    """Somebody else's cookie buys no tries."""
    db.add_user("ann")
    db.add_user("mallory")
    db.begin("mallory")
    db.open("mallory", "r", new_device="hers")
    assert db.begin("mallory", device="hers")[4] is True
    assert db.begin("ann", device="hers")[4] is False

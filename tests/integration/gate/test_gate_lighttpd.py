"""What lighttpd's own features could open: rewrites, aliases, folded names, module order."""

import pytest

from gate import ADMIN_CANARY, CANARY, OPEN, RULES, end_gate, start_gate
from stack import StackError


@pytest.fixture(name="more")
def _more():
    """more(lines, rules) starts a lighttpd with these lines as well."""
    started = []

    def start(lines, rule=tuple(RULES), **settings):
        def add_lines(stack):
            write = stack.web.write_configuration

            def write_more():
                write()
                path = f"{stack.directory}/lighttpd-conf/lighttpd.conf"
                with open(path, "a", encoding="utf-8") as f:
                    f.write(lines.replace("@", stack.directory) + "\n")

            stack.web.write_configuration = write_more

        started.append(start_gate("lighttpd", "fastcgi", prepare=add_lines, rule=list(rule),
                                  **settings))
        return started[-1]

    yield start
    for stack in started:
        end_gate(stack)


def assert_shut(stack, *paths):
    """To nobody, and the admin's part to others."""
    for path in paths:
        for token in None, "x":
            answer = stack.get(path, token)
            assert CANARY.encode() not in answer.body, path
            assert ADMIN_CANARY.encode() not in answer.body, path
        assert ADMIN_CANARY.encode() not in stack.get(path, stack.token()).body, path


def test_a_rewrite_into_what_is_gated(more):
    """The rewritten path is gated, and its rules hold besides those of the asked one."""
    stack = more('server.modules += ( "mod_rewrite" )\n'
                 'url.rewrite-once = ( "^/open/(.*)" => "/members/$1" )',
                 rule=["/ open", "/members signed-in", "/members/admin any-of admin"])
    assert_shut(stack, "/open/canary.txt", "/open/admin/canary.txt", "/members/canary.txt")
    assert stack.get("/open/canary.txt", stack.token()).body == CANARY.encode() + b"\n"
    assert stack.get("/open/admin/canary.txt", stack.token(["admin"])).status == 200


def test_names_that_are_folded(more):
    """server.force-lowercase-filenames: what a tree that ignores case does."""
    stack = more('server.force-lowercase-filenames = "enable"')
    assert_shut(stack, "/MEMBERS/canary.txt", "/Members/ADMIN/canary.txt", "/members/CANARY.TXT",
                "/MEMBERS/ADMIN/CANARY.TXT", "/members/Shut/canary.txt")
    assert stack.get("/MEMBERS/canary.txt", stack.token()).status == 200
    assert stack.get("/members/ADMIN/canary.txt", stack.token()).status == 403


def test_an_error_page_among_what_is_gated(more):
    """Is not shown to those who cause the error."""
    stack = more('server.error-handler-404 = "/members/canary.txt"')
    assert_shut(stack, "/nothing-here", "/members/nothing-here")


def test_a_path_that_keeps_its_encoded_slash(more):
    """Whatever the parser is told to let pass."""
    for option in ('"url-path-2f-decode" => "enable"', '"url-path-2f-decode" => "disable"',
                   '"url-normalize" => "disable"'):
        stack = more(f"server.http-parseopts = ( {option} )")
        assert_shut(stack, "/members%2fcanary.txt", "/x%2f..%2fmembers%2fcanary.txt",
                    "/members/open%2f..%2fcanary.txt", "/members/x%2f..%2fadmin/canary.txt",
                    "/members/open/..%2fadmin/canary.txt", "/%2e%2e/members/canary.txt")


def test_the_shipped_order_of_the_modules_is_the_safe_one(more):
    """mod_proxy before mod_fastcgi would serve a proxied program without asking."""
    proxy = ('$HTTP["url"] =~ "^/members/proxied" {{\n'
             'proxy.server = ( "" => (( "host" => "127.0.0.1", "port" => {port} )) ) }}')
    other = start_gate("lighttpd", "fastcgi", rule=["/ open", "/members open"])
    try:
        stack = more(proxy.format(port=other.port))
        assert_shut(stack, "/members/proxied/../canary.txt", "/members/proxied")
        assert stack.get("/members/proxied").status == 401
    finally:
        end_gate(other)


def test_an_authorizer_that_cannot_be_started_lets_nobody_in(more):
    """Whether lighttpd starts without it or not."""
    try:
        stack = more('$HTTP["url"] =~ "^/members/open" { fastcgi.server = ( "/" => (( '
                     '"mode" => "authorizer", "check-local" => "disable", '
                     '"bin-path" => "@/none.fcgi", "socket" => "@/run/none" )) ) }')
    except StackError:
        return
    for _ in range(3):
        answer = stack.get("/members/open/canary.txt", stack.token())
        assert answer.status >= 500 and OPEN.encode() not in answer.body


HAND_OVER = """$HTTP["url"] =~ "^/private(/|$)" {
	fastcgi.server = ( "/" => (( "check-local" => "disable", "max-procs" => 1,
		"bin-path" => "@/libexec/files.fcgi", "socket" => "@/run/files",
		"x-sendfile" => "enable", "x-sendfile-docroot" => ( "@/www/members/" ),
		"bin-environment" => ( "DOORWARD_CONFIG" => "@/doorward.conf" ) )) )
}"""


@pytest.mark.parametrize("how", ["off", "x-sendfile", "x-lighttpd-send-file"])
def test_files_are_handed_over_to_lighttpd(more, how):
    """files_sendfile: lighttpd sends the file itself, ranges and all, and only then."""
    stack = more(HAND_OVER, files_sendfile=how, files_root="www/members", files_at="/private",
                 rule=["/private/admin any-of admin"])
    token = stack.token()
    for name in "canary.txt", "odd%20name%25.txt", "index.html", "":
        answer = stack.get(f"/private/{name}", token)
        assert (answer.status, answer.body) == (200, CANARY.encode() + b"\n"), name
        assert not [n for n, _ in answer.headers if "send" in n.lower()]
    part = stack.get("/private/canary.txt", token, headers=[("Range", "bytes=0-5")])
    assert (part.status, part.body) == (206, b"canary")
    assert_shut(stack, "/private/canary.txt", "/private/admin/canary.txt", "/private/")

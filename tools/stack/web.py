"""The web servers, on the configuration files that the project ships."""

import grp
import os
import pwd
import shutil
import signal
import socket
import subprocess
import time

from . import process
from .process import StackError

MODES = {"apache": ["fastcgi", "cgi", "proxy_fcgi"], "lighttpd": ["fastcgi", "cgi"]}
CONF_DIRECTORY = {"apache": "apache-conf", "lighttpd": "lighttpd-conf"}
SOCKET_WORKERS = 4  # a program, where it runs on its own socket


def replacements(directory, port, user):
    """What the shipped files say, and what a private server puts there. Nothing else."""
    group = grp.getgrgid(pwd.getpwnam(user).pw_gid).gr_name
    return {
        "/usr/local/libexec/doorward": f"{directory}/libexec",
        "/var/log/doorward": f"{directory}/log",
        "/etc/doorward": directory,
        "/run/doorward": f"{directory}/run",
        "/srv/www": f"{directory}/www",
        "8080": str(port),
        "www-data": user,
        'Group           www-data': f"Group           {group}",
        'server.groupname     = "www-data"': f'server.groupname     = "{group}"',
    }


def render(text, words):
    """`text` with each word replaced, in one pass: a replacement is not replaced again."""
    result, rest = "", text
    while rest:
        hits = [(rest.find(word), -len(word), word) for word in words if word in rest]
        if not hits:
            return result + rest
        at, _, word = min(hits)
        result += rest[:at] + words[word]
        rest = rest[at + len(word):]
    return result


def refuse_taken_port(port):
    """Say who cannot have the port while there is still something to do about it."""
    for family, address in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
        try:
            with socket.socket(family, socket.SOCK_STREAM) as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind((address, port))
        except PermissionError as e:
            raise StackError(f"port {port} needs root: choose one above 1023, as in "
                             "`make run PORT=8081`") from e
        except OSError as e:
            if family == socket.AF_INET6 and e.errno not in (98,):
                continue  # a machine without IPv6
            raise StackError(f"port {port} is taken: choose another, as in "
                             f"`make run PORT={port + 1}`") from e


class WebServer:
    """One server in one mode; `directory` is laid out by Stack."""

    def __init__(self, tree, directory, server, mode, port, user):
        if mode not in MODES.get(server, []):
            known = "; ".join(f"SERVER={s} MODE={'|'.join(m)}" for s, m in MODES.items())
            raise StackError(f"there is no SERVER={server} MODE={mode}, but {known}")
        self.tree, self.directory = tree, directory
        self.server, self.mode, self.port, self.user = server, mode, port, user
        self.log = f"{directory}/log/error.log"
        self.apps = False  # the examples of apps.conf as well
        self.app_port = 3000  # where the proxied one listens
        self.extra = ""  # more configuration, after the shipped one
        self.workers = SOCKET_WORKERS

    def write_configuration(self):
        """The shipped files into the private directory."""
        words = replacements(self.directory, self.port, self.user)
        words["3000"] = str(self.app_port)
        if self.server == "lighttpd" and self.mode == "cgi":
            words["/etc/doorward/lighttpd-conf/doorward.conf"] = \
                f"{self.directory}/lighttpd-conf/doorward-cgi.conf"
            words["/etc/doorward/lighttpd-conf/gate.conf"] = \
                f"{self.directory}/lighttpd-conf/files.conf"
        name = CONF_DIRECTORY[self.server]
        source, target = f"{self.tree}/{name}", f"{self.directory}/{name}"
        shutil.rmtree(target, ignore_errors=True)
        os.makedirs(target)
        for file in sorted(os.listdir(source)):
            if not file.endswith(".conf"):
                continue
            with open(f"{source}/{file}", encoding="utf-8") as f:
                text = render(f.read(), words)
            with open(f"{target}/{file}", "w", encoding="utf-8") as f:
                f.write(text)
        if self.server == "lighttpd" and self.apps:
            with open(f"{target}/lighttpd.conf", "a", encoding="utf-8") as f:
                f.write(f'include "{target}/apps.conf"\n')
        main = "httpd.conf" if self.server == "apache" else "lighttpd.conf"
        with open(f"{target}/{main}", "a", encoding="utf-8") as f:
            f.write(self.extra)

    def argv(self):
        """The server's command line, in the foreground."""
        if self.server == "apache":
            return [find_program("apache2", "httpd"), "-D", "FOREGROUND", "-D", self.mode,
                    *(["-D", "apps"] if self.apps else []), "-f", f"{self.directory}/apache-conf/httpd.conf"]
        return [find_program("lighttpd"), "-D",
                "-f", f"{self.directory}/lighttpd-conf/lighttpd.conf"]

    def start(self):
        """Start programs that have own sockets, then the server; name: process of each."""
        processes = {}
        if self.mode == "proxy_fcgi":
            try:
                for file in sorted(os.listdir(f"{self.directory}/libexec")):
                    if file.endswith(".fcgi"):
                        processes.update(self._spawn(file))
            except OSError:
                self.stop(processes)
                raise
        for patience in (0.5, 1, 2, 0):  # a port that was just left may not be free at once
            processes["web"] = process.start(self.argv(), self.log, cwd="/",
                                             env=self._environment())
            if self._comes_up(processes["web"]):
                return processes
            process.end_group(processes["web"])  # lighttpd leaves its programs behind
            if "address already in use" not in tail(self.log, 3).lower():
                break
            time.sleep(patience)
        self.stop(processes)
        raise StackError(f"{self.server} did not start:\n{tail(self.log)}")

    def _comes_up(self, server):
        process.wait_until(lambda: self._serves() or not process.is_alive(server), 20)
        return process.is_alive(server) and self._serves()

    def _environment(self):
        return {"PATH": "/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C.UTF-8"}

    def _spawn(self, file):
        name = file[:-len(".fcgi")]
        path = f"{self.directory}/run/{name}.sock"
        if os.path.exists(path):
            os.unlink(path)
        environment = dict(self._environment(),
                           DOORWARD_CONFIG=f"{self.directory}/doorward.conf")
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listener:
            listener.bind(path)
            listener.listen(128)
            if os.geteuid() == 0:
                shutil.chown(path, self.user, self.user)
            os.chmod(path, 0o600)
            return {f"{name}.{i}": process.start(
                [f"{self.directory}/libexec/{file}"], self.log, user=self.user,
                stdin=listener, cwd="/", env=environment) for i in range(self.workers)}

    def _serves(self):
        # An answer, not only a connection: until then a signal to Apache would end it without
        # its helpers.
        try:
            with socket.create_connection(("127.0.0.1", self.port), 1) as connection:
                connection.sendall(b"HEAD /favicon.ico HTTP/1.0\r\n\r\n")
                connection.settimeout(10)
                return connection.recv(5) == b"HTTP/"
        except OSError:
            return False

    def stop(self, processes):
        """The server first, so that nothing reaches a program that is gone."""
        for name in sorted(processes, key=lambda name: name != "web"):
            number = signal.SIGINT if self.server == "lighttpd" and name == "web" \
                else signal.SIGTERM
            process.stop(processes[name], number, 12)
            if name == "web":
                process.end_group(processes[name])  # programs that lighttpd has lost sight of

    def warm(self, paths, count):
        """Have mod_fcgid start `count` processes of what answers at each path, so that nobody
        later waits for one. Paths times count is at most what Apache serves at once."""
        if self.server == "apache" and self.mode != "cgi":
            done = subprocess.run(
                [f"{self.tree}/apache-conf/warm", str(count), f"{self.directory}/libexec",
                 *(f"http://127.0.0.1:{self.port}{path}" for path in paths)],
                stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
            if done.returncode != 0:
                raise StackError(done.stdout.strip())


def find_program(*names):
    """A server's program; ordinary users have no /usr/sbin in their PATH."""
    for name in names:
        found = shutil.which(name, path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin")
        if found:
            return found
    raise StackError(f"{names[0]} is missing: tools/deps run")


def tail(path, lines=15):
    """The end of a log."""
    try:
        with open(path, encoding="utf-8", errors="replace") as f:
            return "".join(f.readlines()[-lines:])
    except OSError:
        return ""

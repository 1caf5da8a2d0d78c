"""The library for others: what is installed, what it offers, and programs that are built with
nothing but pkg-config."""

import glob
import json
import os
import re
import shutil
import subprocess

import pytest

from library import LIST, TREE, Library, public_headers, public_names

OUTSIDE = f"{TREE}/tests/outside"
COMPILERS = [("gcc", "g++"), ("clang", "clang++")]


@pytest.fixture(scope="module", name="library")
def _library(tmp_path_factory):
    return Library(tmp_path_factory.mktemp("library"))


def symbols(*arguments):
    """Names that nm prints."""
    done = subprocess.run(["nm", *arguments], check=True, capture_output=True, text=True)
    return {line.split()[-1] for line in done.stdout.splitlines() if len(line.split()) >= 2}


def read(path):
    with open(path, encoding="utf-8") as f:
        return f.read()


# ---- what it offers ----

def test_the_archive_defines_what_the_list_says_and_no_other_name(library):
    wanted = {f"doorward_{name}" for name in public_names("function", "object")}
    assert len(wanted) > 100
    assert symbols("-g", "--defined-only", library.archive) == wanted


def test_the_archive_needs_no_database_and_no_passwords(library):
    needed = symbols("-u", library.archive)
    assert "FCGX_Finish_r" in needed and "EVP_DigestVerify" in needed
    assert not [name for name in needed if re.match(r"PQ|crypto_pwhash|crypt_|Zxcvbn", name)]


def test_keys_and_tokens_are_an_object_of_their_own_without_fastcgi(library, tmp_path):
    subprocess.run(["ar", "x", library.archive], cwd=tmp_path, check=True)
    assert sorted(os.listdir(tmp_path)) == ["guard.o", "tokens.o"]
    needed = symbols("-u", f"{tmp_path}/tokens.o")
    assert "json_loadb" in needed
    assert not [name for name in needed if name.startswith(("FCGX_", "doorward_"))]


def test_the_headers_of_the_list_are_installed_and_no_others(library):
    assert set(os.listdir(f"{library.include}/doorward")) == set(public_headers())


@pytest.mark.parametrize("compiler", ["gcc -x c -std=c11", "clang -x c -std=c11",
                                      "g++ -x c++ -std=c++20", "clang++ -x c++ -std=c++20"])
def test_each_header_compiles_alone(library, compiler):
    warnings = ["-Wall", "-Wextra", "-Wpedantic", "-Werror", "-fsyntax-only"]
    for header in public_headers():
        done = subprocess.run([*compiler.split(), *warnings, f"-I{library.include}", "-"],
                              input=f"#include <doorward/{header}>\nint main(void) {{ return 0; }}\n",
                              text=True, capture_output=True, check=False)
        assert done.returncode == 0, done.stderr


def test_headers_include_each_other_and_the_c_library_only(library):
    standard = {"stdbool.h", "stddef.h", "stdint.h", "time.h", "sys/stat.h", "sys/types.h"}
    for header in public_headers():
        text = read(f"{library.include}/doorward/{header}")
        for name in re.findall(r"^#include (\S+)$", text, re.M):
            assert name in {f"<{s}>" for s in standard} | {f"<doorward/{h}>" for h in public_headers()}, (
                header, name)


@pytest.mark.parametrize("compiler", ["gcc -x c -std=gnu11", "g++ -x c++ -std=c++20"])
@pytest.mark.parametrize("first", [True, False], ids=["before", "after"])
def test_headers_of_other_libraries_do_not_disturb(library, compiler, first):
    """Those that define macros and names like ours: LOG_INFO, json_…, printf."""
    theirs = "".join(f"#include <{name}>\n" for name in ("syslog.h", "jansson.h", "openssl/evp.h",
                                                         "fcgi_stdio.h"))
    ours = "".join(f"#include <doorward/{header}>\n" for header in public_headers())
    done = subprocess.run([*compiler.split(), "-Wall", "-Werror", "-fsyntax-only", f"-I{library.include}", "-"],
                          input=theirs + ours if first else ours + theirs, text=True,
                          capture_output=True, check=False)
    assert done.returncode == 0, done.stderr


def test_each_name_of_the_list_is_declared_in_its_header(library):
    text = "".join(read(path) for path in glob.glob(f"{library.include}/doorward/*.h"))
    small = public_names("function", "object", "type", "struct", "enum")
    large = public_names("constant", "macro")
    words = set(re.findall(r"\w+", text))
    assert [n for n in small if f"doorward_{n}" not in words] == []
    assert [n for n in large if f"DOORWARD_{n}" not in words] == []


def test_headers_define_no_macro_without_the_prefix(library):
    def macros(text):
        done = subprocess.run(["gcc", "-std=c11", "-dM", "-E", f"-I{library.include}", "-"], input=text,
                              text=True, capture_output=True, check=True)
        return set(re.findall(r"^#define (\w+)", done.stdout, re.M))
    ours = "".join(f"#include <doorward/{header}>\n" for header in public_headers())
    system = "".join(f"#include <{name}>\n" for name in sorted(set(re.findall(
        r"#include <((?!doorward/)[\w./]+)>", "".join(
            read(f"{library.include}/doorward/{h}") for h in public_headers())))))
    added = macros(ours) - macros(system)
    assert len(added) > 50
    assert [name for name in added if not name.startswith("DOORWARD_")] == []


def test_headers_speak_only_of_what_is_installed(library):
    """No file and no function of the tree that an outside program cannot have."""
    tree = symbols("-g", "--defined-only", f"{TREE}/build/libauth.a")
    assert len(tree) > 500
    strange = []
    for header in public_headers():
        text = read(f"{library.include}/doorward/{header}")
        strange += [f"{header}: {word}" for word in re.findall(r"\b\w+_\w+\b(?!\.h)", text)
                    if word in tree]
        strange += [f"{header}: {file}" for file in re.findall(r"(?<![<\w./])[\w/.-]+\.(?:h|c|md)\b", text)
                    if os.path.basename(file) not in public_headers()]
    assert strange == []


# ---- manual pages ----

def test_each_header_has_a_page_and_each_function_stands_there(library):
    for header, (_, _, page) in public_headers().items():
        path = f"{library.manuals}/doorward_{header[:-2]}.3"
        text = read(path)
        if page != header:
            assert text == read(f"{library.manuals}/doorward_{page[:-2]}.3")
            continue
        code = re.sub(r"/\*.*?\*/", "", read(f"{library.include}/doorward/{header}"), flags=re.S)
        for name in public_names("function", "object"):
            if re.search(rf"\bdoorward_{name}\b", code):
                assert re.search(rf"^\.Nm doorward_{name}( ,)?$", text, re.M), (header, name)
                assert re.search(rf"^\.It (Fn|Va) doorward_{name}$", text, re.M), (header, name)


def test_each_function_has_a_description(library):
    for path in glob.glob(f"{library.manuals}/doorward_*.3"):
        for items in re.findall(r"^\.Bl -tag.*?^\.El$", read(path), re.M | re.S):
            assert not re.search(r"^\.It \S+ \w+\n\.El$", items, re.M), (path, items)


def test_mandoc_has_nothing_to_say_and_no_line_is_too_long(library):
    pages = sorted(glob.glob(f"{library.manuals}/*.3"))
    assert len(pages) == len(public_headers())
    done = subprocess.run(["mandoc", "-T", "lint", *pages], cwd=f"{library.manuals}/..", check=False,
                          capture_output=True, text=True)
    assert [line for line in done.stdout.splitlines() if "referenced manual not found" not in line] == []
    referenced = {name for page in pages for name in re.findall(r"^\.Xr (\S+) 3", read(page), re.M)}
    known = {os.path.basename(page)[:-2] for page in pages} | {"libdoorward"}
    assert referenced <= known
    for page in pages:
        shown = subprocess.run(["mandoc", "-T", "utf8", "-O", "width=80", page], check=True,
                               cwd=f"{library.manuals}/..", capture_output=True, text=True).stdout
        assert [line for line in re.sub(r".\x08", "", shown).split("\n") if len(line) > 80] == [], page


def test_the_overview_names_each_page():
    overview = read(glob.glob(f"{TREE}/doc/**/libdoorward.3", recursive=True)[0])
    for header, (_, _, page) in public_headers().items():
        if page == header:
            assert re.search(rf"\.?Xr doorward_{header[:-2]} 3", overview), header


# ---- pkg-config ----

def test_libs_is_the_same_with_and_without_static(library):
    plain = library.flags("--libs")
    assert plain == library.flags("--static", "--libs")
    assert [flag for flag in plain if flag.startswith("-l")] == [
        "-ldoorward", "-lfcgi", "-ljansson", "-lcrypto"]
    library.run("pkg-config", "--validate", "doorward", "doorward-tokens")
    version = re.search(r"^VERSION := (\S+)$", read(f"{TREE}/Makefile"), re.M)[1]
    assert library.flags("--modversion") == [version]


@pytest.mark.slow("installs the library once more")
@pytest.mark.parametrize("prefix", ["/usr", "/opt/some/where"])
def test_any_prefix_can_be_staged(tmp_path, prefix):
    library = Library(tmp_path, prefix)
    for name in ("doorward", "doorward-tokens"):
        text = read(f"{library.place}/lib/pkgconfig/{name}.pc")
        assert f"prefix={prefix}\n" in text and str(tmp_path) not in text and "@" not in text
    source = tmp_path / "hello.c"
    shutil.copy(f"{TREE}/examples/hello.c", source)
    library.run("sh", "-c", f"cc -o {tmp_path}/hello.fcgi {source} "
                "$(pkg-config --cflags --libs doorward)")


@pytest.mark.slow("installs the library once more")
def test_uninstall_takes_everything_out_again(tmp_path):
    options = [f"DESTDIR={tmp_path}", "PREFIX=/opt/doorward"]
    Library(tmp_path, "/opt/doorward")
    subprocess.run(["make", "-s", "uninstall", *options], cwd=TREE, check=True)
    assert [f for _, _, files in os.walk(tmp_path) for f in files] == []


def made_of(script, directory, declarations):
    """What header.awk or manual.awk says of a header with these lines: (status, out, err)."""
    header = directory / "x.h"
    header.write_text(f"/* X. */\n#ifndef X_H\n#define X_H\n\n{declarations}\n\n#endif\n")
    tools = f"{TREE}/tools/library"
    done = subprocess.run(["awk", "-f", f"{tools}/names.awk", "-f", f"{tools}/{script}.awk", LIST, header],
                          capture_output=True, text=True, check=False)
    return done.returncode, done.stdout, done.stderr


def test_a_paragraph_without_a_public_name_is_left_out(tmp_path):
    status, out, err = made_of("header", tmp_path, "/* One. */\nint str_of(int a);\n\n/* Two. */\nint two(void);")
    assert (status, err) == (0, "")
    assert "/* One. */\nint doorward_str_of(int a);" in out and "wo" not in out.replace("doorward", "")


def test_a_name_that_stands_between_public_ones_and_is_not_public_stops_the_build(tmp_path):
    status, _, err = made_of("header", tmp_path, "int str_of(int a);\nint stranger(int b);")
    assert status == 1
    assert "stranger stands between public names and is none" in err


def test_a_struct_that_is_not_in_the_list_stops_the_build(tmp_path):
    status, _, err = made_of("header", tmp_path, "int str_of(struct stranger *s);")
    assert status == 1
    assert "struct stranger is not in the list" in err


@pytest.mark.parametrize("declarations,complaint", [
    ("int doorward_str_of(int a);", "no comment describes doorward_str_of"),
    ("/* One. */\nint doorward_str_of(int a); /* never 0 */",
     "a comment behind doorward_str_of would not be on its page")])
def test_a_function_that_its_page_would_not_describe_stops_the_build(tmp_path, declarations, complaint):
    status, _, err = made_of("manual", tmp_path, declarations)
    assert status == 1
    assert complaint in err


def test_a_name_that_nothing_defines_stops_the_build(tmp_path):
    text = read(LIST).replace("function str_of ", "function str_of str_gone ")
    (tmp_path / "list").write_text(text, encoding="utf-8")
    done = subprocess.run([f"{TREE}/tools/library/archive", f"{TREE}/build/libauth.a", tmp_path / "list",
                           tmp_path / "out.a"], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "str_gone" in done.stderr
    assert not os.path.exists(tmp_path / "out.a")


# ---- an outside project ----

def own_names():
    """C that defines each name of the tree, public or not, as the program's own."""
    functions = sorted(n for n in symbols("-g", "--defined-only", f"{TREE}/build/libauth.a"))
    macros = sorted(set(public_names("constant", "macro")))
    structs = sorted(set(public_names("struct", "enum", "opaque", "type")))
    headers = sorted(public_headers())
    return "\n".join([
        *(f"#define {name} 17" for name in macros),
        "#ifdef __cplusplus", 'extern "C" {', "#endif",
        *(f"struct {name} {{ int own; }};" for name in structs),
        *(f"int {name}(void);\nint {name}(void) {{ return 1; }}" for name in functions),
        "#ifdef __cplusplus", "}", "#endif",
        *(f"#include <doorward/{name}>" for name in headers),
        *(f"#if {name} != 17\n#error {name}\n#endif" for name in macros),
        "static int own_names_sum(void)", "{", "\treturn 0",
        *(f"\t\t+ {name}()" for name in functions), "\t\t;", "}", ""]), len(functions)


@pytest.fixture(scope="module", name="outside", params=COMPILERS, ids=lambda c: c[0])
def _outside(request, library, tmp_path_factory):
    """The project, built by one family of compilers: a directory."""
    place = tmp_path_factory.mktemp("outside")
    out = place / "out"
    shutil.copytree(OUTSIDE, place, dirs_exist_ok=True)
    out.mkdir()
    text, _ = own_names()
    (out / "own_names.h").write_text(text, encoding="utf-8")
    library.run("make", "-s", f"CC={request.param[0]}", f"CXX={request.param[1]}", f"OUT={out}",
                cwd=place)
    return out


@pytest.mark.takes("compiles three programs as C and as C++")
@pytest.mark.parametrize("language", ["", "-cxx"], ids=["c11", "c++20"])
def test_a_program_may_have_every_name_of_the_tree_for_itself(outside, language):
    done = subprocess.run([f"{outside}/own_names{language}"], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == {"own": own_names()[1]}


@pytest.mark.parametrize("alg", ["ES256", "EdDSA", "HS256", "PS256"])
@pytest.mark.parametrize("language", ["", "-cxx"], ids=["c11", "c++20"])
def test_tokens_are_made_verified_and_refused_without_a_server(outside, language, alg):
    if alg == "HS256":
        done = subprocess.run([f"{outside}/tokens{language}", alg], capture_output=True, text=True, check=False)
        assert done.returncode == 1 and done.stdout.endswith("FAILED write a key\n")
        return
    done = subprocess.run([f"{outside}/tokens{language}", alg], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    assert "FAILED" not in done.stdout and "ok refuse an expired token" in done.stdout


def test_tokens_alone_need_no_libfcgi(outside):
    for name in ("tokens", "tokens-cxx"):
        assert "libfcgi" not in subprocess.run(["ldd", f"{outside}/{name}"], check=True,
                                               capture_output=True, text=True).stdout


def test_a_program_that_verifies_holds_nothing_that_signs(library, tmp_path):
    """The linker leaves it out, where the program asks for that."""
    library.run("sh", "-c", f"cc -Wl,--gc-sections -o {tmp_path}/hello.fcgi {TREE}/examples/hello.c "
                "$(pkg-config --cflags --libs doorward)")
    needed = symbols("-u", f"{tmp_path}/hello.fcgi")
    assert any(name.startswith("EVP_DigestVerify") for name in needed)
    assert not [name for name in needed if name.startswith(("EVP_DigestSign", "EVP_PKEY_sign", "PQ"))]


@pytest.mark.takes("compiles with sanitizers")
def test_sanitizers_have_nothing_to_say(library, tmp_path):
    sanitize = "-g -fsanitize=address,undefined -fno-sanitize-recover=all"
    library.run("sh", "-c", f"cc {sanitize} -o {tmp_path}/tokens {OUTSIDE}/tokens.c "
                "$(pkg-config --cflags --libs doorward-tokens)")
    library.run(f"{tmp_path}/tokens", "ES256")


def test_help_of_a_program_of_others_names_no_page_that_there_is_not(library, tmp_path):
    library.run("sh", "-c", f"cc -o {tmp_path}/hello.fcgi {TREE}/examples/hello.c "
                "$(pkg-config --cflags --libs doorward)")
    assert library.run(f"{tmp_path}/hello.fcgi", "--help") == (
        "hello.fcgi is run by a web server, as CGI or FastCGI\n")


@pytest.mark.takes("links statically")
def test_a_program_without_shared_libraries_answers(library, tmp_path):
    shutil.copy(f"{library.examples}/hello.c", tmp_path)
    with open(f"{TREE}/doc/how-to/own-program.md", encoding="utf-8") as f:
        line = re.search(r"^cc -static .*$", f.read(), re.M)[0]
    library.run("sh", "-c", line, cwd=tmp_path)
    assert subprocess.run(["readelf", "-d", "hello.fcgi"], cwd=tmp_path, check=True, capture_output=True,
                          text=True).stdout.strip() == "There is no dynamic section in this file."
    (tmp_path / "doorward.conf").write_text("public_url = https://example.org\nverifying_keys = jwks.json\n"
                                            "revocation = off\n")
    (tmp_path / "keys").mkdir()
    library.run(f"{TREE}/build/doorward", "key", "new", "--out", "keys", cwd=tmp_path)
    library.run(f"{TREE}/build/doorward", "key", "publish", "--keys", "keys", "--out", "jwks.json", cwd=tmp_path)
    answer = subprocess.run([tmp_path / "hello.fcgi"], stdin=subprocess.DEVNULL, capture_output=True, text=True,
                            check=True, env={"DOORWARD_CONFIG": str(tmp_path / "doorward.conf"),
                                             "GATEWAY_INTERFACE": "CGI/1.1", "REQUEST_METHOD": "GET",
                                             "REQUEST_URI": "/hello", "SCRIPT_NAME": "/hello",
                                             "QUERY_STRING": "", "REMOTE_ADDR": "127.0.0.1"}).stdout
    assert answer.startswith("Status: 401 Unauthorized")


# ---- the examples ----

@pytest.mark.takes("compiles three programs four times")
@pytest.mark.parametrize("choice", ["CC=gcc", "CC=clang", "CC=g++ CPLUSPLUS=1", "CC=clang++ CPLUSPLUS=1"])
def test_the_installed_examples_build(library, tmp_path, choice):
    shutil.copytree(library.examples, tmp_path, dirs_exist_ok=True)
    library.run("make", "-s", *choice.split(), "CFLAGS=-Wall -Werror", cwd=tmp_path)
    assert {"hello.fcgi", "staff.fcgi", "token"} <= set(os.listdir(tmp_path))
    doorward = f"{TREE}/build/doorward"
    (tmp_path / "keys").mkdir()
    library.run(doorward, "key", "new", "--out", "keys", cwd=tmp_path)
    library.run(doorward, "key", "publish", "--keys", "keys", "--out", "jwks.json", cwd=tmp_path)
    token = library.run("./token", "issue", "keys", "ann", cwd=tmp_path).strip()
    assert library.run("./token", "verify", "jwks.json", token, cwd=tmp_path) == "ann\n"
    changed = token[:-8] + "AAAAAAAA"
    done = subprocess.run(["./token", "verify", "jwks.json", changed], cwd=tmp_path, check=False,
                          capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (1, "token: refused: wrong signature\n")

# Doorward. `make` builds into build/. The targets that people type:
#
#   make run        install what is missing, build, serve it with PostgreSQL in front; Ctrl-C ends
#   make start      the same in the background; `make stop` ends it
#   make test       lint, unit, integration, browser (15 minutes); ends in «N passed, N failed»
#   make test-all   the same and all that is long (40 minutes)
#   make lint | unit | asan | integration | matrix | browser   parts of it
#   make install    into PREFIX, below DESTDIR if given; `make uninstall` takes it out again
#   make library    libdoorward.a with headers and pages into build/library, as it is installed
#   make portable   programs without shared libraries; `make dist` packs them for shared hosting
#   make fuzz       libFuzzer on every parser, SECONDS each, whatever fails; `make fuzz-replay`
#                   only its seeds
#   make format     clang-format on every C file; `make manual` what in doc/ is made from elsewhere,
#                   `make pictures` the pictures of README.md
#   make bench      measure it beside its peers, into doc/reference/benchmarks.md (20 minutes)
#   make bench-quick  the ratios that matter from day to day (a minute)
#   make bench-forgot  whether the time of /account/forgot tells anything, and statements of links
#   make bench-revocations  what 100,000 ended tokens cost
#   make bench-oauth  statements, signatures and CPU time of the OpenID provider
#   make bench-import  users a second that `doorward user import` stores, beside COPY
#   make bench-instructions  a hit, a verification and a login, counted without a clock
#   make clean      remove build/, and the state of run and start
#
# Variables: SERVER=apache|lighttpd  MODE=fastcgi|cgi|proxy_fcgi  PORT=8080
#   PREFIX=/usr/local  SYSCONFDIR=/etc  DESTDIR=  CC=  CFLAGS=  WERROR=1  B=build
#   TESTS='-k word'  arguments for pytest

.DEFAULT_GOAL := all
VERSION := 0.1.0
B       ?= build
PREFIX  ?= /usr/local
SERVER  ?= apache
MODE    ?= fastcgi
PORT    ?= 8080
PYTHON  ?= /usr/bin/python3

# ---- the compiler at hand: each flag is used if it takes it ----
probe = $(shell $(CC) -Werror $(1) -x c -c -o /dev/null /dev/null 2>/dev/null && echo $(1))
HARDENING := -O2 -U_FORTIFY_SOURCE -fPIE \
	$(call probe,-O2 -D_FORTIFY_SOURCE=3) $(call probe,-fstack-protector-strong) \
	$(call probe,-fstack-clash-protection) $(call probe,-fcf-protection) \
	$(or $(call probe,-ftrivial-auto-var-init=zero),$(call probe,-ftrivial-auto-var-init=zero \
	-enable-trivial-auto-var-init-zero-knowing-it-will-be-removed-from-clang))
WARNINGS := -Wall -Wextra -Wformat=2 -Wconversion -Wshadow -Wstrict-prototypes \
	-Wmissing-prototypes -Wno-missing-field-initializers $(if $(WERROR),-Werror)
CPPFLAGS += -D_GNU_SOURCE -DDOORWARD_VERSION='"$(VERSION)"' \
	-Ilib -I. -I/usr/include/postgresql
CFLAGS   ?= -g
# The same bytes in whatever directory they are built.
ALL_CFLAGS = -std=c11 -ffile-prefix-map=$(CURDIR)=. $(HARDENING) $(WARNINGS) -ffunction-sections -fdata-sections $(CFLAGS) $(SANITIZE)
ALL_LDFLAGS = -pie -Wl,-z,relro,-z,now,-z,noexecstack -Wl,--gc-sections -Wl,--as-needed \
	$(LDFLAGS) $(SANITIZE)

# ---- what is built from what ----
LIB_SOURCES  := $(wildcard lib/*/*.c lib/*/*/*.c)
# A table of files for each folder, so that a program holds the templates that it names.
EMBEDDED     := sql $(patsubst %/,share_%,$(subst share/,,$(wildcard share/*/)))
LIB_OBJECTS  := $(LIB_SOURCES:%.c=$(B)/obj/%.o) $(EMBEDDED:%=$(B)/obj/embedded_%.o) \
	$(B)/obj/embedded_functions.o $(B)/obj/embedded_schema.o
PROGRAMS     := $(patsubst cgi-bin/%.c,$(B)/%.fcgi,$(wildcard cgi-bin/*.c))
COMMAND      := $(B)/doorward
COMMAND_SOURCES := $(wildcard bin/*.c bin/*/*.c)
# What is installed: linked anew with the places of this installation (lib/config/places.c).
PLACED       := $(B)/placed$(PREFIX)$(or $(SYSCONFDIR),/etc)
PLACED_PROGRAMS := $(patsubst $(B)/%,$(PLACED)/%,$(PROGRAMS) $(COMMAND))
UNIT_TESTS   := $(patsubst %.c,$(B)/unit/%,$(notdir $(wildcard tests/unit/*/test_*.c)))
FUZZ_TARGETS := $(patsubst tests/fuzz/%.c,$(B)/fuzz/%,$(wildcard tests/fuzz/fuzz_*.c))

# `make portable`: the same sources without shared libraries (tools/portable/README.md).
ifdef PORTABLE
STATIC = -static-pie $(shell $(CC) -shared -Wl,--fatal-warnings,-z,pack-relative-relocs \
	-o /dev/null -x c /dev/null 2>/dev/null && echo -Wl,-z,pack-relative-relocs)
ALL_LDFLAGS = $(STATIC) -Wl,-z,relro,-z,now,-z,noexecstack -Wl,--gc-sections -Wl,-s \
	-Wl,--fatal-warnings $(foreach f,getaddrinfo freeaddrinfo gai_strerror gethostbyname \
	getpwuid getpwuid_r getpwnam getgrnam getgrgid dlopen $(LEAN),-Wl,--wrap=$(f)) $(LDFLAGS)
STANDINS     := $(B)/obj/tools/portable/standins.o
VERIFIERS    := $(patsubst %,$(B)/%.fcgi,protected authorizer files)
$(VERIFIERS): $(B)/obj/tools/portable/lean.o
$(VERIFIERS): LEAN = openssl_add_all_ciphers_int openssl_add_all_digests_int \
	ossl_err_load_crypto_strings
STATIC_LIBS  := $(STANDINS) -L$(B)/pg -lpgcommon_shlib -lpgport_shlib -lssl -lcrypto -lm
endif

# What each program may call upon: those that only verify get no database, and the one that
# other programs use gets no library of passwords or factors.
VERIFY_LIBS  := -lfcgi -ljansson -lcrypto -lm
STORE_LIBS   := $(VERIFY_LIBS) -lpq -lsodium -lcrypt -lzxcvbn -loath -lqrcodegen
ALL_PROGRAMS := $(PROGRAMS) $(COMMAND) $(PLACED_PROGRAMS)
$(ALL_PROGRAMS): LDLIBS = $(LIBS) $(STATIC_LIBS)
$(ALL_PROGRAMS): | $(STANDINS)
PROVIDE_LIBS := $(VERIFY_LIBS) -lpq
STORING   := login.fcgi account.fcgi admin.fcgi doorward
PROVIDING := oauth.fcgi
VERIFYING := protected.fcgi authorizer.fcgi files.fcgi
$(filter $(STORING:%=\%/%),$(ALL_PROGRAMS)): LIBS := $(STORE_LIBS)
$(filter $(PROVIDING:%=\%/%),$(ALL_PROGRAMS)): LIBS := $(PROVIDE_LIBS)
$(filter $(VERIFYING:%=\%/%),$(ALL_PROGRAMS)): LIBS := $(VERIFY_LIBS)
# Debian's libzxcvbn.a is not position-independent.
$(filter $(STORING:%=\%/%) $(PROVIDING:%=\%/%),$(ALL_PROGRAMS)): STATIC = -static -no-pie

.PHONY: all library
all: $(B)/libauth.a $(PROGRAMS) $(COMMAND) $(if $(PORTABLE),,library)

# What is installed for programs of others: see lib/public.list.
library: $(B)/library/made
%/library/made: %/libauth.a lib/public.list $(wildcard tools/library/*) \
		$(wildcard lib/*/*.h lib/*/*/*.h)
	tools/library/make $*/libauth.a $*/library
	@touch $@

$(B)/libauth.a: $(LIB_OBJECTS)
	@rm -f $@
	$(AR) rcs $@ $^

$(B)/%.fcgi: $(B)/obj/cgi-bin/%.o $(B)/libauth.a
	$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LDLIBS)

$(COMMAND): $(patsubst %.c,$(B)/obj/%.o,$(COMMAND_SOURCES)) $(B)/libauth.a
	$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LDLIBS)

# What is installed differs from what is built in this one object.
PLACES = -DDOORWARD_SYSCONFDIR='"$(or $(SYSCONFDIR),/etc)/doorward"' -DDOORWARD_PREFIX='"$(PREFIX)"'
$(B)/obj/lib/config/places.o: CPPFLAGS += $(PLACES)
$(PLACED)/places.o: lib/config/places.c
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(PLACES) $(ALL_CFLAGS) -c -o $@ $<

$(PLACED)/libauth.a: $(B)/libauth.a $(PLACED)/places.o
	cp $< $@
	$(AR) r $@ $(PLACED)/places.o

$(PLACED)/%.fcgi: $(B)/obj/cgi-bin/%.o $(PLACED)/libauth.a
	$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LDLIBS)

$(PLACED)/doorward: $(patsubst %.c,$(B)/obj/%.o,$(COMMAND_SOURCES)) $(PLACED)/libauth.a
	$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LDLIBS)

$(B)/obj/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

$(B)/obj/embedded_%.o: $(B)/obj/embedded_%.c
	$(CC) $(CPPFLAGS) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

# Made anew only where it would be another one; two makes may do that at once.
renew = @mkdir -p $(@D); $(1) >$@.$$$$ && { cmp -s $@.$$$$ $@ && rm $@.$$$$ || mv $@.$$$$ $@; }

$(EMBEDDED:%=$(B)/obj/embedded_%.c): $(B)/obj/embedded_%.c: tools/embed FORCE
	$(call renew,tools/embed embedded_$* $(sort $(wildcard $(subst _,/,$*)/*.*)))

$(B)/obj/embedded_functions.c: tools/embed FORCE
	$(call renew,tools/embed embedded_functions $(sort $(wildcard sql/functions/*.sql)))

$(B)/obj/embedded_schema.c: tools/embed_schema FORCE
	$(call renew,tools/embed_schema)

# Tables of bytes and of strings, which the compilers take for slips.
TEST_WARNINGS := -Wno-conversion -Wno-string-concatenation

vpath test_%.c $(wildcard tests/unit/*)
$(B)/unit/%: %.c $(B)/libauth.a
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) -Itests/support $(ALL_CFLAGS) $(TEST_WARNINGS) -MMD -MP -o $@ $< $(B)/libauth.a $(ALL_LDFLAGS) -lcmocka $(STORE_LIBS)

# A main() that replays files, or libFuzzer's.
FUZZ_MAIN ?= tests/fuzz/replay.c
$(B)/fuzz/%: tests/fuzz/%.c tests/fuzz/replay.c $(B)/libauth.a
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(ALL_CFLAGS) $(TEST_WARNINGS) -o $@ $< $(FUZZ_MAIN) $(B)/libauth.a $(ALL_LDFLAGS) $(STORE_LIBS)

# ---- run it ----
STACK = PYTHONPATH=tools PYTHONDONTWRITEBYTECODE=1 $(PYTHON) -m stack
JOBS := $(shell nproc 2>/dev/null || echo 2)

.PHONY: run start stop
run start:
	@case $(SERVER) in apache|lighttpd) ;; \
		*) echo "doorward: SERVER=$(SERVER): apache and lighttpd are there" >&2; exit 2 ;; esac
	@tools/deps build run-$(SERVER)
	@echo '==> make'
	@$(MAKE) --no-print-directory -s -j$(JOBS) all
	@$(STACK) $@ --server $(SERVER) --mode $(MODE) --port $(PORT)

stop:
	@$(STACK) stop

# ---- checks ----
# `test-unit` is another name of `unit`.
.PHONY: test test-all lint unit test-unit unit-tests asan asan-tests integration matrix browser format
test:
	@tools/deps build run test
	@tests/run

test-all:
	@tools/deps build run test test-all
	@tests/run --all

lint: all
	@$(PYTHON) tests/lint/lint.py

unit-tests: $(UNIT_TESTS)
unit test-unit: $(UNIT_TESTS)
	@for t in $^; do $$t || exit 1; done

# The same unit tests under AddressSanitizer and UndefinedBehaviorSanitizer.
ASAN = B=$(B)/asan SANITIZE='-fsanitize=address,undefined -fno-sanitize-recover=all'
asan:
	$(MAKE) $(ASAN) unit
asan-tests:
	$(MAKE) $(ASAN) unit-tests

# Each fuzz target once over its seeds, under the sanitizers, with any compiler.
.PHONY: fuzz fuzz-replay fuzz-seeds fuzz-run
fuzz-replay:
	@$(MAKE) --no-print-directory $(ASAN) fuzz-seeds
fuzz-seeds: $(FUZZ_TARGETS)
	@for t in $^; do $$t tests/fuzz/seeds/$${t##*/fuzz_} || exit 1; done

# libFuzzer: SECONDS a target; what it finds is kept in build/fuzzing/.
SECONDS ?= 60
FUZZING = CC=clang B=$(B)/fuzzing SANITIZE='-fsanitize=fuzzer-no-link,address,undefined \
	-fno-sanitize-recover=all' FUZZ_MAIN=-fsanitize=fuzzer
fuzz:
	$(MAKE) --no-print-directory $(FUZZING) fuzz-run
fuzz-run: $(FUZZ_TARGETS)
	@failed=; for t in $^; do n=$${t##*/fuzz_}; mkdir -p $(B)/corpus/$$n; echo "==> $$n"; \
		$$t -max_total_time=$(SECONDS) -artifact_prefix=$(B)/crash-$$n- -print_final_stats=1 \
			-verbosity=0 $(B)/corpus/$$n tests/fuzz/seeds/$$n || failed="$$failed $$n"; done; \
	echo "$(words $^) targets, failed:$${failed:- none}"; [ -z "$$failed" ]

integration matrix browser: all
	$(PYTHON) -m pytest -p no:cacheprovider -q tests/$@ $(TESTS)

# Beside the peers: `bench` writes doc/reference/benchmarks.md in twenty minutes; `bench-quick`
# prints the ratios that matter from day to day in one.
.PHONY: bench bench-quick bench-instructions bench-forgot bench-import bench-revocations bench-oauth
bench-forgot: all
	@tools/deps build run bench
	@PYTHONDONTWRITEBYTECODE=1 $(PYTHON) bench/forgot.py
bench-revocations: all
	@tools/deps build run bench
	@PYTHONDONTWRITEBYTECODE=1 $(PYTHON) bench/revocations.py
bench-oauth: all
	@tools/deps build run bench
	@PYTHONDONTWRITEBYTECODE=1 $(PYTHON) bench/provider.py
bench-import: all
	@tools/deps build run bench
	@PYTHONDONTWRITEBYTECODE=1 $(PYTHON) bench/imports.py
bench-instructions: all
	@tools/deps build run bench
	@PYTHONDONTWRITEBYTECODE=1 $(PYTHON) bench/instructions.py
bench bench-quick: all
	@tools/deps build run bench
	@$(if $(filter bench,$@),$(MAKE) --no-print-directory -s portable >$(B)/portable.log 2>&1 || true)
	@PYTHONDONTWRITEBYTECODE=1 $(PYTHON) bench/bench.py $(if $(filter %quick,$@),--quick)

format:
	clang-format -i $$(git ls-files '*.c' '*.h')

# ---- install ----
# Without symbols, which are a third to three quarters of a program; STRIP= keeps them.
STRIP  ?= -s
BIN     = $(DESTDIR)$(PREFIX)/bin
LIBEXEC = $(DESTDIR)$(PREFIX)/libexec/doorward
MAN     = $(DESTDIR)$(PREFIX)/share/man
MANUALS = $(wildcard doc/man/*.[1-8])
SAMPLE  = $(PLACED)/doorward.conf.sample
LAYOUT  = '$(PREFIX)' '$(or $(SYSCONFDIR),/etc)' '$(DESTDIR)' '$(SAMPLE)'

# Two may install at once; one of them builds.
.PHONY: install uninstall placed placed-files
placed: all
	@mkdir -p $(B)/placed
	@flock $(B)/placed $(MAKE) --no-print-directory placed-files
placed-files: $(PLACED_PROGRAMS) $(SAMPLE) $(PLACED)/library/made

install: placed
	install -d $(BIN) $(LIBEXEC)
	install -m 755 $(STRIP) $(PLACED)/doorward $(BIN)
	install -m 755 $(STRIP) $(filter %.fcgi,$(PLACED_PROGRAMS)) $(LIBEXEC)
	for m in $(MANUALS); do install -d $(MAN)/man$${m##*.} && \
		sed 's|/usr/local/|$(PREFIX)/|g; s|/etc/doorward|$(or $(SYSCONFDIR),/etc)/doorward|g' \
			$$m >$(MAN)/man$${m##*.}/$${m##*/} || exit 1; done
	tools/layout install $(LAYOUT)

uninstall:
	rm -f $(BIN)/doorward $(foreach m,$(notdir $(MANUALS)),$(MAN)/man$(subst .,,$(suffix $(m)))/$(m))
	rm -rf $(LIBEXEC)
	tools/layout uninstall $(LAYOUT)

$(SAMPLE): $(PLACED)/doorward
	$(PLACED)/doorward config sample >$@.new && mv $@.new $@

# For programs of others: the archive, its headers, their pages, pkg-config's file, examples.
LIBRARY_FILES = $(DESTDIR)$(PREFIX)/lib/libdoorward.a \
	$(patsubst %,$(DESTDIR)$(PREFIX)/lib/pkgconfig/%.pc,doorward doorward-tokens)
LIBRARY_INCLUDE = $(DESTDIR)$(PREFIX)/include/doorward
EXAMPLES = $(DESTDIR)$(PREFIX)/share/doc/doorward/examples
.PHONY: install-library uninstall-library
install: install-library
install-library: placed
	install -d $(dir $(LIBRARY_FILES)) $(LIBRARY_INCLUDE) $(MAN)/man3 $(EXAMPLES)
	install -m 644 $(PLACED)/library/lib/libdoorward.a $(DESTDIR)$(PREFIX)/lib
	$(if $(STRIP),strip -g $(DESTDIR)$(PREFIX)/lib/libdoorward.a)
	install -m 644 $(PLACED)/library/include/doorward/*.h $(LIBRARY_INCLUDE)
	install -m 644 $(PLACED)/library/man3/*.3 $(MAN)/man3
	install -m 644 $(wildcard examples/*) $(EXAMPLES)
	for f in doorward doorward-tokens; do \
		sed 's|@PREFIX@|$(PREFIX)|; s|@VERSION@|$(VERSION)|' tools/library/$$f.pc \
			>$(DESTDIR)$(PREFIX)/lib/pkgconfig/$$f.pc || exit 1; done

uninstall: uninstall-library
uninstall-library:
	rm -f $(LIBRARY_FILES) $(MAN)/man3/doorward_*.3
	rm -rf $(LIBRARY_INCLUDE) $(EXAMPLES)

# The parts of the manual pages that the program itself knows.
.PHONY: manual
manual: $(COMMAND)
	tools/manual $(COMMAND)
	$(PYTHON) tests/matrix/matrix_page.py >doc/reference/matrix.md

# The pictures of README.md, from the real pages in a real browser.
.PHONY: pictures
pictures: all
	@tools/deps build run test
	tools/pictures

# ---- for hosts where nothing can be installed ----
PORTABLE_BUILD = B=$(B)/portable PORTABLE=1
DIST = doorward-$(VERSION)-$(shell uname -m)

.PHONY: portable dist
portable:
	@tools/portable/fetch $(B)/portable/pg
	$(MAKE) $(PORTABLE_BUILD) all

dist: portable
	tools/portable/pack $(B)/portable $(B)/$(DIST)

.PHONY: clean help FORCE
clean:
	@if [ -e var ] || [ -L var ]; then $(STACK) clean; fi
	rm -rf $(B)

help:
	@sed -n '/^#/!q; s/^# \{0,1\}//p' Makefile

FORCE:
.SECONDARY:
-include $(wildcard $(B)/obj/*/*.d $(B)/obj/*/*/*.d $(B)/obj/*/*/*/*.d $(B)/unit/*.d)
%.d: ;

# SPDX-License-Identifier: Apache-2.0
# Builds Sweetspot and runs whatever is run on it. `make help` tells all.
#
# Settings:  SAN=address,undefined | SAN=thread   sanitizer builds, in build/asan and build/tsan
#            WITHOUT=name                         leaves one safety out (-DWITHOUT_NAME), for the tests that prove it
#            WERROR=                              warnings stay warnings
#            V=1                                  shows every command
.DEFAULT_GOAL := build
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules
.SUFFIXES:

SAN      ?=
WITHOUT  ?=
COVERAGE ?=
PREFIX   ?= /usr/local
DESTDIR  ?=
PYTHON   ?= /usr/bin/python3
WERROR   ?= -Werror
CFLAGS   ?= -O2 -g
COVERAGE_THRESHOLD ?= 100
FUZZ_SECONDS       ?= 30
PG_INCLUDE ?= /usr/include/postgresql
ifeq ($(origin CC),default)
CC := gcc
endif
Q := $(if $(V),,@)
comma := ,

# --- modes: one directory of objects each --------------------------------------------------------------------------

ifeq ($(SAN),)
  MODE := release
else ifeq ($(SAN),thread)
  MODE := tsan
else ifneq ($(findstring address,$(SAN)),)
  MODE := asan
else
  MODE := $(subst $(comma),-,$(SAN))
endif
ifneq ($(COVERAGE),)
  MODE := coverage
endif
ifneq ($(WITHOUT),)
  MODE := $(MODE)-without-$(WITHOUT)
endif
OUT    := build/$(MODE)
BINARY := $(if $(filter release,$(MODE)),build/sweetspot,$(OUT)/sweetspot)

upper     = $(shell printf %s '$1' | tr a-z- A-Z_)
WARNINGS := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes -Wvla \
            -Wformat=2 -Wwrite-strings
CPPDEFS  := -D_GNU_SOURCE -Iinclude -I. -Ibuild/gen -isystem $(PG_INCLUDE) $(if $(WITHOUT),-DWITHOUT_$(call upper,$(WITHOUT)))
HARDEN   := -fstack-protector-strong -fPIE
LINK     := -pie -Wl,-z,relro,-z,now
ifeq ($(SAN)$(COVERAGE),)
  HARDEN += -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2
else ifneq ($(SAN),)
  # Fortified calls would hide from the sanitizers what they look for.
  HARDEN += -fsanitize=$(SAN) -fno-omit-frame-pointer $(if $(findstring undefined,$(SAN)),-fno-sanitize-recover=undefined)
  LINK   += -fsanitize=$(SAN)
else
  override CFLAGS := -O0 -g --coverage -fprofile-update=atomic -DNDEBUG
  override WERROR :=
  LINK   += --coverage
endif
COMPILE = $(CC) -std=c17 $(CPPDEFS) $(CPPFLAGS) -include include/sweetspot/banned.h $(CFLAGS) $(WARNINGS) $(WERROR) \
          -fno-common -fno-strict-aliasing $(HARDEN) -pthread
LIBS   := -lmicrohttpd -ljansson -lpq -lcrypto -lunistring -lm -pthread

# --- what there is -------------------------------------------------------------------------------------------------

SQL         := $(sort $(wildcard service/store/sql/*.sql))
MIGRATIONS  := $(sort $(wildcard migrations/*.sql))
GEN_HEADERS := build/gen/statements.h build/gen/migrations.h build/gen/openapi.h
GEN_SOURCES := $(GEN_HEADERS:.h=.c)

SERVICE := $(sort $(wildcard service/*/*.c)) $(GEN_SOURCES)
PROGRAM := $(sort $(wildcard cmd/sweetspot/*.c))
UNIT    := $(sort $(wildcard tests/unit/*.c tests/unit/*/*.c))
STORE   := $(sort $(wildcard tests/store/*.c))

objects      = $(patsubst %.c,$(OUT)/%.o,$(patsubst build/gen/%,gen/%,$1))
SERVICE_O   := $(call objects,$(SERVICE))
PROGRAM_O   := $(call objects,$(PROGRAM))
UNIT_O      := $(call objects,$(UNIT))
STORE_O     := $(call objects,$(STORE))
OBJECTS     := $(SERVICE_O) $(PROGRAM_O) $(UNIT_O) $(STORE_O)

.PHONY: build deps deps-test run test check bench nightly fuzz coverage help clean install \
        objects unit-tests store-tests FORCE

# --- build ---------------------------------------------------------------------------------------------------------

build: $(BINARY) ## build/sweetspot (with SAN or WITHOUT: build/<mode>/sweetspot)

objects: $(SERVICE_O) $(PROGRAM_O) ## compile the product without linking it

unit-tests: $(if $(UNIT),$(OUT)/unit-tests) ## build/<mode>/unit-tests

store-tests: $(if $(STORE),$(OUT)/store-tests) ## build/<mode>/store-tests; run it through tests/with-postgres

ifeq ($(PROGRAM),)
$(BINARY): FORCE
	@echo "no source under cmd/sweetspot/ yet: nothing to link" >&2; exit 1
else
$(BINARY): $(SERVICE_O) $(PROGRAM_O) $(OUT)/objects.list
	@echo "  link $@"
	$(Q)$(CC) $(CFLAGS) $(LINK) $(LDFLAGS) -o $@ $(filter %.o,$^) $(LIBS)
endif

$(OUT)/unit-tests: $(SERVICE_O) $(UNIT_O) $(OUT)/objects.list
	@echo "  link $@"
	$(Q)$(CC) $(CFLAGS) $(LINK) $(LDFLAGS) -o $@ $(filter %.o,$^) -lcheck -lsubunit -lrt $(LIBS)

$(OUT)/store-tests: $(SERVICE_O) $(STORE_O) $(OUT)/objects.list
	@echo "  link $@"
	$(Q)$(CC) $(CFLAGS) $(LINK) $(LDFLAGS) -o $@ $(filter %.o,$^) -lcheck -lsubunit -lrt $(LIBS)

$(OUT)/gen/%.o: build/gen/%.c Makefile
	@mkdir -p $(@D)
	@echo "  cc   $<"
	$(Q)$(COMPILE) -MMD -MP -c -o $@ $<

$(OUT)/%.o: %.c Makefile | $(GEN_HEADERS)
	@mkdir -p $(@D)
	@echo "  cc   $<"
	$(Q)$(COMPILE) -MMD -MP -c -o $@ $<

# A list changes only when a file comes or goes, so that this too rebuilds what depends on it.
list = @mkdir -p $(@D); printf '%s\n' $1 | cmp -s - $@ || printf '%s\n' $1 > $@

$(OUT)/objects.list: FORCE
	$(call list,$(OBJECTS))
build/gen/%.list: FORCE
	$(call list,$(SQL) $(MIGRATIONS) $(wildcard openapi.yaml))

build/gen/statements.c build/gen/statements.h &: cmd/embed build/gen/statements.list $(SQL)
	$(Q)cmd/embed statements build/gen $(SQL)
build/gen/migrations.c build/gen/migrations.h &: cmd/embed build/gen/migrations.list $(MIGRATIONS)
	$(Q)cmd/embed migrations build/gen $(MIGRATIONS)
build/gen/openapi.c build/gen/openapi.h &: cmd/embed build/gen/openapi.list $(wildcard openapi.yaml)
	$(Q)cmd/embed openapi build/gen $(wildcard openapi.yaml)

-include $(wildcard $(OBJECTS:.o=.d))

# --- run and test --------------------------------------------------------------------------------------------------

# What Debian must have; cmd/install-packages asks apt only for what is missing.
PACKAGES      := gcc make libc6-dev libmicrohttpd-dev libjansson-dev libpq-dev libssl-dev libunistring-dev \
                 postgresql curl
TEST_PACKAGES := check python3 python3-pytest python3-psycopg2 python3-yaml python3-jsonschema gcovr clang libclang-rt-dev clang-format clang-tidy cppcheck

deps: ## install the Debian packages that are missing (as root or by sudo)
	@cmd/install-packages $(PACKAGES)

deps-test: ## the same, with what tests and checks need
	@cmd/install-packages $(PACKAGES) $(TEST_PACKAGES)

# In a terminal, Ctrl-C belongs to cmd/run alone (its own process group), so that make does not call a clean end an error.
run: deps ## first run in one command: packages, build, PostgreSQL, demo data, server
	@$(MAKE) --no-print-directory $(if $(findstring jobserver,$(MAKEFLAGS)),,-j$(shell nproc)) build
	@if [ -t 0 ]; then bash -mc 'setpriv --pdeathsig TERM cmd/run; exit $$?'; else exec cmd/run; fi

test: deps-test ## all suites: unit, store, oracle, api, faults; ends with the counts
	@tests/run

check: deps-test ## format, room order, headers, documentation, globals, clang-tidy
	@tests/checks/run

bench: deps-test build ## measure, beside the peers
	@if [ -x tests/bench/run ]; then tests/bench/run; else echo "no benchmark yet (tests/bench/run)"; fi

nightly: deps-test ## everything: checks, suites, sanitizers, long fuzzing, bench; goes on past what fails
	@tests/nightly

fuzz: deps-test ## every fuzz target (tests/fuzz/fuzz_*.c) for FUZZ_SECONDS
	@tests/fuzz/run $(FUZZ_SECONDS)

coverage: deps-test ## branch coverage of service/core by the unit tests; fails under COVERAGE_THRESHOLD
	@tests/coverage $(COVERAGE_THRESHOLD)

# --- the rest ------------------------------------------------------------------------------------------------------

install: build ## into DESTDIR/PREFIX: the program and its systemd unit
	install -D -m 755 $(BINARY) $(DESTDIR)$(PREFIX)/bin/sweetspot
	install -d $(DESTDIR)$(PREFIX)/lib/systemd/system
	sed 's|/usr/local|$(PREFIX)|g' docs/sweetspot.service > $(DESTDIR)$(PREFIX)/lib/systemd/system/sweetspot.service
	chmod 644 $(DESTDIR)$(PREFIX)/lib/systemd/system/sweetspot.service

clean: ## remove build/ (var/, the data of `make run`, stays)
	rm -rf build

help: ## this
	@echo "Sweetspot. make TARGET [SAN=address,undefined|thread] [WITHOUT=safety] [WERROR=] [V=1]"; echo
	@sed -n 's/^\([a-z-]*\):[^#]*## \(.*\)/  \1|\2/p' Makefile | awk -F'|' '{ printf "%-14s %s\n", $$1, $$2 }'

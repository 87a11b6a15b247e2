# The doors of the house. `make run` shows what Flyover does; `make test` proves that it does.
# Ninja does the work behind them: `ninja -C build`, `meson test -C build NAME`.

BUILD  ?= build
PREFIX ?= /usr/local
PAGE    = web/dist/page_files.c
MAKEFLAGS += --no-print-directory

.PHONY: build run test kill-test bench fuzz install format tidy clean setup setup-test
.NOTPARALLEL:

build: setup $(BUILD)/build.ninja
	@ninja -C $(BUILD) $(NINJAFLAGS)

# What is missing gets installed; where nothing is, this takes a moment.
setup:
	@tools/setup build

setup-test:
	@tools/setup test

$(BUILD)/build.ninja: $(PAGE)
	@meson setup $(if $(wildcard $@),--reconfigure) --prefix=$(PREFIX) $(MESONFLAGS) $(BUILD)

# The page of flyover view, bundled and packed as C.
$(PAGE): web/package-lock.json web/build.mjs $(shell find web/src -type f)
	@cd web && npm run --silent build

# The demo: `flyover up` and a service under load, until Ctrl-C.
run: build
	@examples/inventory/demo $(BUILD)

# make test SUITE=unit; without SUITE all of them.
test: setup-test $(BUILD)/build.ninja
	@ninja -C $(BUILD) --quiet build.ninja
	@meson configure $(BUILD) -Dtests=enabled
	@ninja -C $(BUILD) $(NINJAFLAGS)
	@tools/test $(BUILD) $(SUITE)

# make kill-test CYCLES=5000: a store is killed that often, and must have lost nothing.
kill-test: setup-test build
	@$(BUILD)/tests/system/kill $(or $(CYCLES),5000)

# make bench BENCH=pprof; without BENCH all of them.
# What was missing when the build was configured may have come by now: a peer to compare with.
bench: build
	@tools/setup bench
	@meson setup --reconfigure $(BUILD) >/dev/null
	@bench/run $(BUILD) $(BENCH)

# make fuzz TARGET=pprof SECONDS=60; without TARGET each gets its turn.
fuzz: setup-test
	@tools/fuzz "$(TARGET)" $(SECONDS)

install: build
	@meson configure $(BUILD) -Dprefix=$(PREFIX)
	@meson install -C $(BUILD)

format:
	@git ls-files -co --exclude-standard '*.c' '*.h' | xargs clang-format -i
	@tools/codemap >docs/CODEMAP.md

tidy: build
	@tools/tidy $(BUILD)

clean:
	@rm -rf $(BUILD) build-fuzz web/dist

# The doors of the house. `make run` shows what Flyover does; `make test` proves that it does.
# Ninja does the work behind them: `ninja -C build`, `meson test -C build NAME`.

BUILD  ?= build
PREFIX ?= /usr/local
MAKEFLAGS += --no-print-directory

.PHONY: build run test bench fuzz install format tidy clean setup

build: setup $(BUILD)/build.ninja
	@ninja -C $(BUILD) $(NINJAFLAGS)

# What is missing gets installed; where nothing is, this takes a moment.
setup:
	@tools/setup build

$(BUILD)/build.ninja:
	@meson setup --prefix=$(PREFIX) $(MESONFLAGS) $(BUILD)

# The demo: a service under load, ten seconds of samples, its flame graph.
run: build
	@examples/inventory/demo $(BUILD)

test:
	@tools/setup test
	@$(MAKE) build
	@tools/test $(BUILD) $(SUITE)

bench: build
	@tools/setup test
	@bench/run $(BUILD) $(BENCH)

# make fuzz TARGET=pprof SECONDS=60; without TARGET each target gets its turn.
fuzz:
	@tools/setup test
	@tools/fuzz "$(TARGET)" "$(SECONDS)"

install: build
	@meson configure $(BUILD) -Dprefix=$(PREFIX)
	@meson install -C $(BUILD) --no-rebuild

format:
	@git ls-files -co --exclude-standard '*.c' '*.h' | xargs clang-format -i
	@tools/codemap >docs/CODEMAP.md

tidy: build
	@tools/tidy $(BUILD)

clean:
	@rm -rf $(BUILD) build-fuzz

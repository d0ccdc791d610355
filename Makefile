# The two commands: `make run` and `make test`. Everything else is for people who work on kjit.
#
# BUILD=folder builds elsewhere; JOBS=n limits the compiler processes.

SHELL := /bin/bash
JOBS ?= $(shell nproc)
BUILD ?= build/release

.PHONY: run test wheel import import-libraries executable build python python-users setup setup-import setup-develop debug asan tsan format lint metrics bench bench-quick bench-check bench-setup fuzz deb docs clean help

run: executable
	$(BUILD)/kjit run kernels/calc_pi.k

test: build python-users
	ctest --test-dir $(BUILD) --output-on-failure --no-tests=error -j $(JOBS)

# What `make run` runs, without the tests.
executable: setup
	@scripts/configure.sh release $(BUILD) $(CMAKE_ARGS)
	@cmake --build $(BUILD) -j $(JOBS) --target kjit

build: setup-import python
	@scripts/configure.sh release $(BUILD) -DKJIT_IMPORT=ON $(CMAKE_ARGS)
	@cmake --build $(BUILD) -j $(JOBS)

# kjit-import, which needs Clang's libraries: `kjit import` then works.
import: setup-import
	@scripts/configure.sh release $(BUILD) -DKJIT_IMPORT=ON $(CMAKE_ARGS)
	@cmake --build $(BUILD) -j $(JOBS) --target kjit kjit-import

# Libraries from Debian's sources, translated and compared with the compiled originals: needs network, takes half an hour.
import-libraries: import
	tests/import/libraries.py --kjit $(BUILD)/kjit

# Installs what is missing; does nothing, in milliseconds, when everything is there.
setup:
	@scripts/setup.sh

setup-import:
	@scripts/setup.sh import

setup-develop:
	@scripts/setup.sh develop

# The CPython with NumPy 2 that the tests compare with, in build/python.
python: setup
	@scripts/setup_python.sh

# Also what kjit's users have beside it, in build/python_users: for the tests alone.
python-users: setup
	@scripts/setup_python.sh users

# The Python package, with its engine: $(BUILD)/wheels/kjit-*.whl. Needs the Python registry once.
wheel: setup-import python
	@scripts/configure.sh release $(BUILD) $(CMAKE_ARGS)
	@cmake $(BUILD) >/dev/null  # again, as the headers and NumPy may not have been there the first time
	@cmake --build $(BUILD) -j $(JOBS) --target kjit_python_package
	@scripts/make_wheel.sh $(BUILD) $(BUILD)/wheels
	@ls $(BUILD)/wheels/kjit-*.whl

# A Debian package of what `cmake --install` installs, in $(BUILD).
deb: setup
	@scripts/configure.sh release $(BUILD) $(CMAKE_ARGS)
	@cmake --build $(BUILD) -j $(JOBS) --target kjit kjit_shared
	@cd $(BUILD) && cpack -G DEB

# The reference of the public headers, with Doxygen: build/docs/html/index.html.
docs: setup-develop
	@mkdir -p build/docs
	@doxygen cmake/package/Doxyfile
	@echo "build/docs/html/index.html"

debug: setup
	@scripts/configure.sh debug build/debug
	@cmake --build build/debug -j $(JOBS)

asan tsan: setup-develop python
	@scripts/configure.sh $@ build/$@
	@cmake --build build/$@ -j $(JOBS)
	ctest --preset $@ -j $(JOBS)

# The benchmarks: build/bench/results.{json,md,html}. bench-quick takes about three minutes, seven kernels.
bench: bench-setup
	bench/run --build $(BUILD) $(BENCH_ARGS)

bench-quick: bench-setup
	bench/run --build $(BUILD) --quick $(BENCH_ARGS)

# Instruction counts against the last accepted ones; `bench/check --accept` after a change that is meant.
bench-check: bench-setup
	bench/check --build $(BUILD)

bench-setup: setup
	@scripts/setup.sh bench
	@scripts/configure.sh release $(BUILD) -DKJIT_BENCH=ON $(CMAKE_ARGS)
	@cmake --build $(BUILD) -j $(JOBS) --target kjit bench_worker
	@bench/setup

# Random and damaged programs; ctest runs a short form.
fuzz: build python
	scripts/python.sh tests/fuzz/differential.py --count 2000 --kjit $(BUILD)/kjit
	scripts/python.sh tests/fuzz/parallel.py --count 2000 --kjit $(BUILD)/kjit
	scripts/python.sh tests/fuzz/inspection.py --count 500 --kjit $(BUILD)/kjit
	scripts/python.sh tests/fuzz/mutation.py --count 5000 --kjit $(BUILD)/kjit

format: setup-develop
	@scripts/format.sh

lint: setup-develop
	@scripts/configure.sh release $(BUILD)
	@scripts/check_includes.py
	@scripts/lint.py $(BUILD)

metrics:
	@scripts/metrics.py

clean:
	rm -rf build

help:
	@echo "make run      build and run kernels/calc_pi.k"
	@echo "make test     build and run all tests"
	@echo "make docs     the reference of the public headers (Doxygen)"
	@echo "make wheel    the Python package, for pip install"
	@echo "make deb      a Debian package of the executable, the library and its headers"
	@echo "make import   build kjit-import: C and C++ functions become kernels"
	@echo "make asan     the tests under AddressSanitizer and UBSan        make tsan    under ThreadSanitizer"
	@echo "make format   clang-format on every source        make lint    clang-tidy and the include directions"
	@echo "make fuzz     random programs, serial and parallel, against CPython; damaged programs against kjit alone"
	@echo "make bench    kjit and its peers, build/bench/results.html; bench-quick in three minutes; bench-check counts instructions"
	@echo "make metrics the longest files and functions"

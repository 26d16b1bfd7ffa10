# make reproduce   install what is missing, build, write every figure and table into notebooks-out/
# make test        the same set-up, then the tests
# make bench       measure against NumPy, SciPy and PyTorch within three minutes (needs Python 3; makes a virtual environment)
# make bench-all   the same with what takes long: large traces, three rounds, memory
# make documentation   build the products' documentation (DocC); fails on warnings
# make wheel       the Python package into dist/ (needs Swift 6.3 and Python 3.10)
# make notebooks   the Python tests against the wheel, and the notebooks of docs/notebooks executed into notebooks-out/
# make deb         a Debian package of the command into dist/
# make install     the varlab command into PREFIX/bin, the source of its plug-in for MPI into PREFIX/share/varlab
# make mpi         varlab with MPI linked in, for --mpi built-in (MPICC=mpicc: the compiler of the MPI that is meant)
# make cluster     runs of many processes on this machine: both MPIs, two hosts, a Slurm (needs root)

OUTPUT ?= notebooks-out
PREFIX ?= /usr/local
MPICC ?= mpicc
REPRODUCE_FLAGS ?=
# C kernels are compiled with optimisation only in release, and the tests run whole simulations.
SWIFT_BUILD = swift build -c release

.PHONY: reproduce test bench bench-all documentation build setup wheel deb install clean mpi cluster notebooks

reproduce: build
	.build/release/varlab reproduce --output $(OUTPUT) --force $(REPRODUCE_FLAGS)

test: setup
	swift test -c release

bench: build
	$(SWIFT_BUILD) --product varlab-benchmark
	Benchmarks/run.sh $(BENCH_FLAGS)

bench-all: BENCH_FLAGS = --all
bench-all: bench

documentation: setup
	Scripts/check_documentation.sh

build: setup
	$(SWIFT_BUILD) --product varlab

setup:
	@Scripts/setup.sh

wheel: setup
	Scripts/make_wheel.sh

notebooks: build
	NOTEBOOKS=$(OUTPUT) Scripts/check_wheel.sh

deb: setup
	Scripts/make_deb.sh

install: build
	install -d $(DESTDIR)$(PREFIX)/bin
	install .build/release/varlab $(DESTDIR)$(PREFIX)/bin/varlab
	install -d $(DESTDIR)$(PREFIX)/share/varlab/include
	install -m 644 Sources/CMessages/mpi.c $(DESTDIR)$(PREFIX)/share/varlab/mpi.c
	install -m 644 Sources/CMessages/include/varlab_messages.h $(DESTDIR)$(PREFIX)/share/varlab/include/varlab_messages.h

mpi: setup
	$(SWIFT_BUILD) --product varlab --traits MPI $$(Scripts/mpi_flags.sh $(MPICC))

cluster: build
	Scripts/check_cluster.sh

clean:
	swift package clean

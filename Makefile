# The ways into this project; `make` alone lists them. The work is done by the scripts in Scripts/.

.DEFAULT_GOAL := help
.PHONY: help run build test unit simulate chaos fuzz sanitize mutants mutants-of-backends mutants-of-core mutants-of-secrets bench \
    podman-conformance docs lint format images engine-start engine-stop clean

LESSON ?= hello-network
ARGS ?=
SEEDS ?= 2000
FROM ?= 1
SEED ?=
ONLY ?=
SECONDS ?= 60
FAULTS ?= 200
TARGET ?=
SANITIZER ?=

help: ## list these targets
	@sed -nE 's/^([a-z-]+):.*## (.*)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 22

run: ## build, and bring up a lesson of the examples until Ctrl-C (LESSON=…, ARGS="--stage 1")
	@Scripts/run $(LESSON) $(ARGS)

build: ## build everything for debugging
	@Scripts/install-dependencies run
	@bash -c 'source Scripts/lib.bash && swift_build'

test: ## install what the tests need, start it, run all tests, stop it (ARGS="--filter …")
	@Scripts/test $(ARGS)

unit: ## run the tests that need no server, in under a minute (ARGS="--filter …")
	@Scripts/unit $(ARGS)

simulate: ## run seeds of the core's simulation (SEEDS=n FROM=k), or one with its history (SEED=k)
	@Scripts/simulate $(if $(SEED),--seed $(SEED),$(SEEDS) $(FROM))

chaos: ## kill anything under load, with the real programs (FAULTS=n SEED=k, ARGS="--bus down")
	@Scripts/chaos --faults $(FAULTS) --seconds $$(( $(FAULTS) * 6 / 5 + 30 )) $(if $(SEED),--seed $(SEED)) $(ARGS)

fuzz: ## fuzz what reads strangers' bytes (SECONDS=n for each target, TARGET=x for one)
	@Scripts/fuzz $(SECONDS) $(TARGET)

sanitize: ## run the tests under the thread and address sanitizers (SANITIZER=thread, ARGS="--filter …")
	@Scripts/sanitize $(SANITIZER) -- $(ARGS)

mutants: mutants-of-backends mutants-of-core mutants-of-secrets ## try the proofs themselves: each known fault must be noticed

mutants-of-backends: # backends with one fault each, which the conformance suite must reject
	@Scripts/test --filter 'ConformanceTests/(rejected|complete)|FakeMutantTests'

mutants-of-core: # the core with one fault each, which the simulation must notice (ONLY="name…")
	@Scripts/mutants $(ONLY)

mutants-of-secrets: # secrets that are let out, which the watch over the tests must find
	@Scripts/secrets mutants

podman-conformance: # show what the conformance suite says of Podman, which is refused
	@Scripts/test --filter PodmanConformanceTests

bench: ## measure, each figure beside its floor, into Benchmarks/results.md (ONLY="core lessons services lab many")
	@Scripts/bench $(ONLY)

docs: ## make the documentation of the library (DocC), into .build/documentation
	@Scripts/install-dependencies docs
	@Scripts/docs

lint: ## check the formatting of the Swift code, strictly
	@swift format lint --strict --recursive --parallel $(wildcard Sources Tests TestSupport Tools Examples Benchmarks) Package.swift

format: ## format the Swift code in place
	@swift format --in-place --recursive --parallel $(wildcard Sources Tests TestSupport Tools Examples Benchmarks) Package.swift

images: ## build the project's container images into the Docker Engine that is found
	@address="$$(Scripts/find-docker)" || { echo "no Docker Engine answers; try: make engine-start"; exit 1; }; \
	Scripts/build-images --host "$$address"

engine-start: ## start a private Docker Engine (Linux, root)
	@Scripts/install-dependencies test
	@Scripts/engine start

engine-stop: ## stop the private Docker Engine; its images are kept
	@Scripts/engine stop

clean: ## remove what was built in this checkout
	@rm -rf .build .build-mutants .build-bench .build-fuzz .build-thread .build-address \
		Examples/*/.build

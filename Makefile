# make alone prints what there is to make. Nothing but deps installs anything.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

GOLANGCI_LINT_VERSION := v2.15.0
LINT := .tools/bin/golangci-lint

# Real samples of other systems' payloads, where the checkout has them beside it.
SAMPLES := $(abspath $(wildcard ../shared/payloads))
ifneq ($(SAMPLES),)
export HEDDLE_SAMPLES ?= $(SAMPLES)
endif

# Tests in files with the build tag e2e are named TestE2E…; those with the tag soak TestSoak….
# packages_with prints the folders of the test files that hold a pattern.
packages_with = { grep -rlE --include='*_test.go' '$(1)' . || true; } | xargs -r -n1 dirname | sort -u

.PHONY: help
help: ## print this list
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: deps
deps: ## install what the tests need (Debian: as root or with sudo; elsewhere it says what is missing)
	@.ci/deps $(GOLANGCI_LINT_VERSION)

.PHONY: demo
demo: ## play a pickup order through a real server, from the shop's webhook to the bank line
	go run ./cmd/heddle demo

.PHONY: test
test: lint ## run linters and all tests but the long ones, with the race detector, in random order
	go test -race -shuffle=on ./...

.PHONY: test-e2e
test-e2e: ## run the long tests: whole servers, kills, permutations, other programs
	dirs=$$($(call packages_with,^//go:build e2e)); \
	if [ -z "$$dirs" ]; then echo "test-e2e: there are no such tests" >&2; exit 1; fi; \
	go test -tags e2e -run '^TestE2E' -timeout 15m $$dirs

.PHONY: check
check: lint ## run linters, house rules, and the comparison of generated files
	go test ./internal/... ./event/...

.PHONY: lint
lint:
	@unformatted=$$(gofmt -l .); if [ -n "$$unformatted" ]; then echo "run make fmt for:" $$unformatted >&2; exit 1; fi
	go vet -tags e2e,soak ./...
	@if [ ! -x $(LINT) ]; then echo "golangci-lint is missing: run make deps" >&2; exit 1; fi
	$(LINT) run

.PHONY: fmt
fmt: ## format all Go files and group their imports
	$(LINT) fmt

.PHONY: generate
generate: ## rewrite all generated files
	go generate ./...

.PHONY: golden
golden: ## rewrite the expected parts of text-table tests; read the difference before you commit it
	for dir in $$($(call packages_with,flag\.Bool\("update")); do go test $$dir -update; done

FUZZTIME ?= 10s
.PHONY: fuzz
fuzz: ## fuzz every parser for FUZZTIME (10s)
	for dir in $$($(call packages_with,^func Fuzz)); do \
		for name in $$(grep -ohE '^func Fuzz[A-Za-z0-9_]+' $$dir/*_test.go | cut -d' ' -f2); do \
			go test -run '^$$' -fuzz "^$$name$$" -fuzztime $(FUZZTIME) $$dir; \
		done; \
	done

SOAK ?= 10000
.PHONY: soak
soak: ## run every property test with SOAK (10000) cases, then the tests that run for hours
	for dir in $$($(call packages_with,pgregory\.net/rapid)); do \
		go test -timeout 0 $$dir -rapid.checks=$(SOAK); \
	done
	dirs=$$($(call packages_with,^//go:build soak)); \
	if [ -n "$$dirs" ]; then go test -tags soak -run '^TestSoak' -timeout 0 $$dirs; fi

.PHONY: bench
bench: ## measure
	go test -run '^$$' -bench . -benchmem ./...

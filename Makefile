# `make run` and `make test` do all the set-up they need; `make help` lists the rest.
SHELL := /bin/sh
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

CACHE := $(CURDIR)/.cache
BUILD := $(CURDIR)/.build
BIN   := $(CACHE)/bin

# prebuilt: the libvips of scripts/libvips. system: pkg-config's own, 8.14 or later.
LIBVIPS ?= prebuilt

# HEIC decodes in WebAssembly; without nodynamic it would look for a libheif on the machine first. lambda.norpc leaves out
# the RPC of Lambda's old go1.x runtime, and 10 MB with it.
TAGS := nodynamic,lambda.norpc

GOLANGCI_LINT := v2.15.0
TFLINT        := v0.64.0

# Settings for the Go commands that link libvips: `. $(ENV) && go ...`. `make libvips` writes them. Go's build cache does not
# see what pkg-config says; by CGO_LDFLAGS it tells this folder's libvips from another clone's and from the system's.
ENV := $(CACHE)/env
RPATH := $(if $(filter system,$(LIBVIPS)),,-r \$$ORIGIN/lib)

# scripts/local and scripts/bench are modules of their own, so that the dependencies of an S3 server and of a chart stay out
# of the function's go.mod.
MODULES := . scripts/local scripts/bench

need = @command -v $(1) >/dev/null 2>&1 || { echo "make: $(1) is missing. $(2)" >&2; exit 1; }

.PHONY: help
help: ## List the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

.PHONY: prerequisites
prerequisites:
	$(call need,go,Install Go 1.26 or later: https://go.dev/doc/install)
	$(call need,$(or $(CC),cc),Install a C compiler. Debian: apt-get install gcc libc6-dev; macOS: xcode-select --install)
	$(call need,npm,It comes with Node.js 20 or later. Debian: apt-get install npm; macOS: brew install node)

.PHONY: libvips
libvips: prerequisites ## Fetch and verify libvips (LIBVIPS=system: use pkg-config's own)
	@mkdir -p $(CACHE)
ifeq ($(LIBVIPS),system)
	@pkg-config --atleast-version=8.14 vips || { echo "make: LIBVIPS=system needs pkg-config and libvips 8.14 or later; found: $$(pkg-config --modversion vips 2>&1)" >&2; exit 1; }
	@printf '%s\n' 'export CGO_ENABLED=1' 'export GOFLAGS=-tags=$(TAGS)' 'unset PKG_CONFIG' "export CGO_LDFLAGS='-g -O2 $$(pkg-config --libs vips)'" > $(ENV)
else
	@dir=$$(go run ./scripts/libvips -cache $(CACHE)/libvips) && printf '%s\n' \
	  'export CGO_ENABLED=1' \
	  "export PKG_CONFIG=$$dir/pkgconfig/pkg-config" \
	  "export PKG_CONFIG_PATH=$$dir/pkgconfig" \
	  "export CGO_LDFLAGS='-g -O2 -L$$dir/lib'" \
	  "export GOFLAGS='-tags=$(TAGS) -ldflags=-r=$$dir/lib'" \
	  "export PRESIZE_LIBVIPS=$$dir" > $(ENV)
endif

.PHONY: env
env: libvips ## Print the settings for using go directly: eval "$$(make -s env)"
	@cat $(ENV)

.PHONY: build
build: libvips ## Build both functions, laid out as Lambda gets them, in .build/resize and .build/cleanup
	@test -f $(BUILD)/cleanup/bootstrap || echo "Building the functions (the first time takes a minute or two)..." >&2
	@for name in resize cleanup; do \
	  mkdir -p $(BUILD)/$$name/lib && cp presets.yaml $(BUILD)/$$name/ && \
	  (. $(ENV) && go build -trimpath -ldflags "-s -w $(RPATH)" -o $(BUILD)/$$name/bootstrap ./functions/$$name \
	  $(if $(filter system,$(LIBVIPS)),,&& cp -f $$PRESIZE_LIBVIPS/lib/libvips-cpp.*[0-9]* $(BUILD)/$$name/lib/)) || exit 1; \
	done

.PHONY: local
local: build
	@test -f $(BUILD)/local || echo "Building the local pipeline (the first time takes a minute or two)..." >&2
	@cd scripts/local && go build -o $(BUILD)/local .

.PHONY: run
run: local ## Run the pipeline here (FILES="a.jpg folder": what to upload; ONCE=1: exit when done)
	@$(BUILD)/local -bootstrap $(BUILD)/resize/bootstrap -cleanup $(BUILD)/cleanup/bootstrap -presets presets.yaml -data .data $(if $(filter-out 0,$(ONCE)),-once) $(FILES)

.PHONY: backfill
backfill: libvips ## Build backfill, for what is in a bucket already: .build/backfill --help
	@mkdir -p $(BUILD)/lib
	@test -f $(BUILD)/backfill || echo "Building backfill (the first time takes a minute or two)..." >&2
	@. $(ENV) && go build -trimpath -ldflags "-s -w $(RPATH)" -o $(BUILD)/backfill ./scripts/backfill
ifneq ($(LIBVIPS),system)
	@. $(ENV) && cp -f $$PRESIZE_LIBVIPS/lib/libvips-cpp.*[0-9]* $(BUILD)/lib/
endif

# The packages run in the tests where the pinned compiler does: on Debian and Ubuntu on x86-64.
PACKAGES := $(if $(and $(filter Linux-x86_64,$(shell uname -s)-$(shell uname -m)),$(shell command -v apt-get)),$(BUILD)/package)

.PHONY: package
package: prerequisites ## Build the zips for Lambda in .build/package (ARCH=arm64: one of them; PRESETS=file)
	@GOFLAGS= go run ./scripts/package -out $(BUILD)/package -cache $(CACHE)/package \
	  $(if $(ARCH),-arch $(ARCH)) $(if $(PRESETS),-presets $(PRESETS)) $(if $(DEBIAN_MIRROR),-mirror $(DEBIAN_MIRROR))

.PHONY: test
test: check $(if $(PACKAGES),package) test-functions test-local test-bench test-terraform ## Everything: checks, unit tests, end-to-end tests

.PHONY: test-functions
test-functions: libvips
	. $(ENV) && go test -race -timeout 30m $$(go list ./... | grep -v /scripts/terraform)
	@# The fidelity of large photos and the peak of memory mean something only without the race detector.
	. $(ENV) && go test -timeout 30m ./functions/pipeline/imaging

# The test of the page drives a pinned Chromium; elsewhere than on Linux on x86-64 the one that is there, or CHROMIUM=.
BROWSER := $(CACHE)/chromium/run
CHROMIUM ?= $(if $(filter Linux-x86_64,$(shell uname -s)-$(shell uname -m)),$(BROWSER))

$(BROWSER): $(addprefix scripts/local/chromium/,package.json package-lock.json .npmrc unpack.mjs)
	@echo "Fetching the browser of the tests..." >&2
	@mkdir -p $(CACHE)/chromium && cp $^ $(CACHE)/chromium/
	@cd $(CACHE)/chromium && npm ci --silent --no-audit --no-fund --ignore-scripts && node unpack.mjs .
	@touch $@

.PHONY: test-local
test-local: build $(if $(PACKAGES),package) $(filter $(BROWSER),$(CHROMIUM))
	cd scripts/local && $(if $(PACKAGES),PRESIZE_PACKAGES=$(PACKAGES)) $(if $(CHROMIUM),CHROMIUM=$(CHROMIUM)) go test -race -timeout 30m ./...

.PHONY: test-terraform
test-terraform: $(BIN)/tflint-$(TFLINT) ## The Terraform module: offline, applied to moto, and its role's permissions
	go test -count=1 -v -timeout 30m ./scripts/terraform/...

$(BIN)/tflint-$(TFLINT):
	@echo "Building tflint $(TFLINT)..." >&2
	@mkdir -p $(BIN)/new
	@GOFLAGS= GOBIN=$(BIN)/new go install github.com/terraform-linters/tflint@$(TFLINT)
	@mv $(BIN)/new/tflint $@

.PHONY: check
check: libvips $(BIN)/golangci-lint-$(GOLANGCI_LINT) ## gofmt, vet, lint, and that nothing generated has drifted
	@unformatted=$$(gofmt -l functions scripts); test -z "$$unformatted" || { echo "gofmt is due on: $$unformatted" >&2; exit 1; }
	@for module in $(MODULES); do (cd $$module && go mod tidy -diff) || { echo "go mod tidy is due in $$module" >&2; exit 1; }; done
	@. $(ENV) && for module in $(MODULES); do (cd $$module && go vet ./...) || exit 1; done
	@. $(ENV) && for module in $(MODULES); do echo "golangci-lint in $$module"; (cd $$module && $(BIN)/golangci-lint-$(GOLANGCI_LINT) run --config $(CURDIR)/.golangci.yml ./...) || exit 1; done

$(BIN)/golangci-lint-$(GOLANGCI_LINT):
	@echo "Building golangci-lint $(GOLANGCI_LINT)..." >&2
	@mkdir -p $(BIN)/new
	@GOFLAGS= GOBIN=$(BIN)/new go install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$(GOLANGCI_LINT)
	@mv $(BIN)/new/golangci-lint $@

.PHONY: generate
generate: ## Write anew what is generated: presets.schema.json, the tables of terraform/README.md
	go generate ./functions/pipeline/preset/...
	go run ./scripts/terraform

.PHONY: contact-sheet
contact-sheet: libvips ## Draw testdata/contact-sheet.jpg, the picture in README.md
	@. $(ENV) && go run ./scripts/contactsheet

.PHONY: soak
soak: libvips ## Render 10,000 variants in one process and watch its memory
	. $(ENV) && PRESIZE_SOAK=10000 go test -count=1 -run TestSoak -timeout 120m -v ./functions/pipeline/imaging

.PHONY: fuzz
fuzz: libvips ## Run every fuzz target for a while (FUZZTIME=30s)
	@. $(ENV) && for package in $$(go list ./functions/...); do \
	  for target in $$(go test -list '^Fuzz' $$package | grep '^Fuzz'); do \
	    echo "$$package $$target"; go test -run '^$$' -fuzz "^$$target$$" -fuzztime $(or $(FUZZTIME),30s) -fuzzminimizetime 20x $$package || exit 1; \
	  done; done

# The peers of the benchmark on Node.js, at the versions of package-lock.json.
PEERS := $(CACHE)/bench/node

$(PEERS)/node_modules/.package-lock.json: scripts/bench/contestants/node/package.json scripts/bench/contestants/node/package-lock.json
	@echo "Fetching what Presize is measured beside..." >&2
	@mkdir -p $(PEERS) && cp $^ scripts/bench/contestants/node/.npmrc $(PEERS)/
	@cd $(PEERS) && npm ci --silent --no-audit --no-fund --ignore-scripts
	@touch $@

# How a file's pages lie in the kernel's cache counts as memory, 8 MiB in one copy of libvips and none in another: where
# Presize and sharp have the same, all contestants load sharp's.
ONE_LIBVIPS = $(if $(filter system,$(LIBVIPS)),,$$(echo $(PEERS)/node_modules/@img/sharp-libvips-linux-*/lib):$$PRESIZE_LIBVIPS/lib)

.PHONY: contestants
contestants: build $(PEERS)/node_modules/.package-lock.json
	@test -f $(BUILD)/bench/bench || echo "Building the benchmark (the first time takes a minute or two)..." >&2
	@mkdir -p $(BUILD)/bench && cp scripts/bench/contestants/node/*.mjs $(PEERS)/
	@. $(ENV) && go build -C scripts/bench $(if $(ONE_LIBVIPS),-ldflags=-r=$(ONE_LIBVIPS)) -o $(BUILD)/bench/ . ./contestants/presize ./contestants/bimg
	@. $(ENV) && pkg_config=$${PKG_CONFIG:-pkg-config} && $(or $(CC),cc) -std=c11 -D_GNU_SOURCE -O2 -Wall -Wextra -o $(BUILD)/bench/floor \
	  scripts/bench/contestants/floor/*.c $$($$pkg_config --cflags vips) $$($$pkg_config --libs vips) \
	  $(if $(ONE_LIBVIPS),-Xlinker -rpath -Xlinker $(ONE_LIBVIPS))

.PHONY: bench
bench: contestants ## Measure Presize beside its peers, half an hour (FILES='phone*' ROUNDS=3 CONTESTANTS=presize,blog)
	@$(BUILD)/bench/bench -out $(BUILD)/bench $(if $(FILES),-files '$(FILES)') $(if $(ROUNDS),-rounds $(ROUNDS)) \
	  $(if $(CONTESTANTS),-contestants $(CONTESTANTS))

.PHONY: test-bench
test-bench: contestants
	. $(ENV) && cd scripts/bench && go test -race -timeout 30m ./...

.PHONY: bench-stages
bench-stages: libvips ## Time probe, decode, each preset and the placeholder, for benchstat (BENCH=Decode COUNT=7)
	@. $(ENV) && go test -run '^$$' -bench '$(or $(BENCH),.)' -benchtime $(or $(BENCHTIME),0.5s) -count $(or $(COUNT),1) -cpu 1 -timeout 120m ./functions/pipeline/imaging

.PHONY: profile
profile: libvips ## CPU and allocation profiles of rendering, for go tool pprof (BENCH=Original/photo=phone-12MP.jpg)
	@mkdir -p $(BUILD)/profile
	@. $(ENV) && go test -run '^$$' -bench '$(or $(BENCH),Original/photo=phone-12MP.jpg)' -benchtime $(or $(BENCHTIME),5s) -cpu 1 -timeout 30m \
	  -o $(BUILD)/profile/imaging.test -cpuprofile $(BUILD)/profile/cpu.pprof -memprofile $(BUILD)/profile/allocations.pprof -memprofilerate 4096 ./functions/pipeline/imaging
	@echo "go tool pprof -http 127.0.0.1:0 $(BUILD)/profile/imaging.test $(BUILD)/profile/cpu.pprof"
	@echo "go tool pprof -http 127.0.0.1:0 -sample_index=alloc_space $(BUILD)/profile/imaging.test $(BUILD)/profile/allocations.pprof"
	@echo "What libvips does in C shows there as runtime.cgocall: perf record tells more of it, on Linux."

.PHONY: bench-backfill
bench-backfill: build ## Compare backfill with the AWS CLI's listing and with the pipeline alone (PHOTOS=2000)
	cd scripts/local && PRESIZE_PHOTOS=$(or $(PHOTOS),2000) go test -run '^$$' -bench Backfill -benchtime 1x -timeout 120m .

.PHONY: clean
clean: ## Remove what was built and fetched (not the local bucket in .data)
	rm -rf $(BUILD) $(CACHE)

# Presize. `make run` and `make test` do all the set-up; `make help` lists the rest.
SHELL := /bin/sh
.DEFAULT_GOAL := help

CACHE   := $(CURDIR)/.cache
LIBVIPS ?= prebuilt

# HEIC decodes in WebAssembly; without this tag it would look for a libheif on the machine first.
TAGS := nodynamic

need = @command -v $(1) >/dev/null 2>&1 || { echo "make: $(1) is not installed: $(2)" >&2; exit 1; }

.PHONY: help
help: ## List the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

.PHONY: prerequisites
prerequisites:
	$(call need,go,see https://go.dev/doc/install (1.26 or later))
	$(call need,$(or $(CC),cc),a C compiler: Debian: apt-get install gcc; macOS: xcode-select --install)
	$(call need,npm,comes with Node.js 20 or later: Debian: apt-get install npm; macOS: brew install node)

# Every Go command that links libvips runs as `. $(ENV) && go ...`.
ENV := $(CACHE)/env

.PHONY: libvips
libvips: prerequisites ## Fetch and verify libvips (LIBVIPS=system: use pkg-config's own)
	@mkdir -p $(CACHE)
ifeq ($(LIBVIPS),system)
	@pkg-config --atleast-version=8.14 vips || { echo "make: LIBVIPS=system needs pkg-config and libvips 8.14 or later; found $$(pkg-config --modversion vips 2>&1)" >&2; exit 1; }
	@printf '%s\n' 'export CGO_ENABLED=1' 'export GOFLAGS=-tags=$(TAGS)' > $(ENV)
else
	@dir=$$(go run ./scripts/libvips -cache $(CACHE)/libvips) && \
	printf '%s\n' 'export CGO_ENABLED=1' "export PKG_CONFIG=$$dir/pkgconfig/pkg-config" "export PKG_CONFIG_PATH=$$dir/pkgconfig" \
	  "export GOFLAGS='-tags=$(TAGS) -ldflags=-r=$$dir/lib'" "export PRESIZE_LIBVIPS=$$dir" > $(ENV)
endif

.PHONY: env
env: libvips ## Print the settings for using go directly: eval "$$(make -s env)"
	@cat $(ENV)

# One folder per function, laid out as Lambda gets it: bootstrap, lib/, presets.yaml.
BUILD := $(CURDIR)/.build
RPATH := $(if $(filter system,$(LIBVIPS)),,-r \$$ORIGIN/lib)

.PHONY: build
build: libvips ## Build the resize function as Lambda runs it, into .build/resize
	@mkdir -p $(BUILD)/resize/lib
	@. $(ENV) && go build -trimpath -ldflags "-s -w $(RPATH)" -o $(BUILD)/resize/bootstrap ./functions/resize
	@cp presets.yaml $(BUILD)/resize/
ifneq ($(LIBVIPS),system)
	@. $(ENV) && cp -fP $$PRESIZE_LIBVIPS/lib/libvips-cpp*.$(if $(filter Darwin,$(shell uname -s)),dylib,so.*) $(BUILD)/resize/lib/
endif

# make build   bin/prefectc and bin/prefect-lsp, static
# make wheels  Python wheels with both programs for every platform, in dist/
# make vsix    the VS Code extension for every platform, or for those in VSIX, in dist/
# make demo    the whole path on the example project, against a real Prefect server
# make test    every check and test; what CI runs. First run: minutes, for Prefect and the editors; they are kept in ~/.cache/prefectc
# make bench   the benchmarks beside the code
# make fuzz    every fuzz target for FUZZTIME, 20s
# make lint / test-go / test-fuzz / test-oracle / test-report / test-vscode / test-neovim / test-emacs   its parts

SHELL := /bin/bash
.DELETE_ON_ERROR:

export CGO_ENABLED = 0

STATICCHECK = honnef.co/go/tools/cmd/staticcheck@v0.8.2
ORACLE = ./internal/oracle ./executor/step
GO_PACKAGES = $$(go list ./... | grep -v /internal/oracle)

.PHONY: build
build:
	go build -trimpath -o bin/ ./cmd/prefectc ./cmd/prefect-lsp

VERSION = $(shell sed -n 's/^version = "\(.*\)"/\1/p' pyproject.toml)

.PHONY: wheels
wheels:
	go run ./internal/release -version $(VERSION) -o dist

VSIX ?= all

.PHONY: vsix
vsix:
	cd editors/vscode && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error && node bundle.mjs && node package.mjs --out=../../dist $(VSIX)

.PHONY: demo
demo:
	scripts/demo.sh

.PHONY: test
test:
	scripts/test.sh

.PHONY: lint
lint:
	@unformatted=$$(git ls-files -co --exclude-standard '*.go' | xargs -r gofmt -l); \
	  [ -z "$$unformatted" ] || { echo "not gofmt'ed:" $$unformatted >&2; exit 1; }
	go vet ./...
	go run $(STATICCHECK) ./...

.PHONY: test-go
test-go:
	go test -timeout 15m $(GO_PACKAGES)

# Never from the test cache: it runs the real Prefect and a prefectc it builds itself. The steps are held against real ones too.
.PHONY: test-oracle
test-oracle:
	PREFECTC_VENVS=$$(scripts/venvs.sh) go test -timeout 30m -count=1 $(ORACLE)

.PHONY: test-vscode
test-vscode:
	editors/vscode/test/run.sh

.PHONY: test-report
test-report: build
	internal/report/test/run.sh

.PHONY: test-neovim
test-neovim: build
	editors/test/neovim.sh

.PHONY: test-emacs
test-emacs: build
	editors/test/emacs.sh

FUZZTIME ?= 20s

.PHONY: fuzz
fuzz:
	scripts/fuzz.sh $(FUZZTIME)

.PHONY: test-fuzz
test-fuzz:
	scripts/fuzz.sh core $(FUZZTIME)

.PHONY: bench
bench:
	go test -run '^$$' -bench . -benchmem $(GO_PACKAGES)

.PHONY: clean
clean:
	rm -rf bin artifacts editors/vscode/dist editors/vscode/bin examples/hello/dist

package main

import (
	"archive/zip"
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"
)

const testVersion = "0.1.0"

// faulty is a prefect.yaml with findings of several severities.
const faulty = "deployments:\n- name: a\n  entrypoint: flows.py:hello\n  work_pool: {name: p, job_variabels: {}}\n"

// A wheel of the host's platform goes into an empty venv and works there, as a program and as a module.
func TestWheelIsInstalled(t *testing.T) {
	wheel := hostWheel(t)
	venv := filepath.Join(t.TempDir(), "venv")
	command(t, "", "python3", "-m", "venv", venv)
	bin := filepath.Join(venv, "bin")
	if runtime.GOOS == "windows" {
		bin = filepath.Join(venv, "Scripts")
	}
	command(t, "", filepath.Join(bin, "pip"), "install", "--quiet", "--no-index", "--disable-pip-version-check", wheel)

	var version struct{ Version string }
	if err := json.Unmarshal([]byte(command(t, "", filepath.Join(bin, "prefectc"), "version", "--json")), &version); err != nil {
		t.Fatal(err)
	}
	if version.Version != testVersion {
		t.Errorf("prefectc of the wheel says it is %q, not %q", version.Version, testVersion)
	}
	project := t.TempDir()
	if err := os.WriteFile(filepath.Join(project, "prefect.yaml"), []byte(faulty), 0o644); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(filepath.Join(bin, "python"), "-m", "prefectc", "check", "--format", "concise")
	cmd.Dir = project
	out, err := cmd.Output()
	if cmd.ProcessState.ExitCode() != 1 || !bytes.Contains(out, []byte("prefect.yaml:4:24: error[unknown-key]")) {
		t.Errorf("python -m prefectc check: %v\n%s", err, out)
	}
	if header := answer(t, filepath.Join(bin, "prefect-lsp")); !strings.HasPrefix(header, "Content-Length: ") {
		t.Errorf("prefect-lsp of the wheel answers %q", header)
	}
}

// answer is the first line that a language server says to a client that introduces itself.
func answer(t *testing.T, server string) string {
	t.Helper()
	cmd := exec.Command(server)
	stdin, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	const request = `{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"capabilities":{}}}`
	fmt.Fprintf(stdin, "Content-Length: %d\r\n\r\n%s", len(request), request)
	line, _ := bufio.NewReader(stdout).ReadString('\n')
	stdin.Close()
	_ = cmd.Wait() // a client that left without goodbye makes it end with an error
	return line
}

// What is packed twice is the same, byte by byte, and RECORD lists all of it.
func TestWheelIsReproducible(t *testing.T) {
	w := wheel{version: testVersion, tag: "py3-none-" + platforms[0].tag, programs: []file{{"prefectc", []byte("program")}},
		licences: []file{{"LICENSE", []byte("text")}}, readme: []byte("[a](docs/a.md) [b](https://example.org) [c](#c)")}
	data, err := w.pack()
	if err != nil {
		t.Fatal(err)
	}
	again, err := w.pack()
	if err != nil || !bytes.Equal(data, again) {
		t.Fatalf("two wheels of the same content differ (%v)", err)
	}
	archive, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	content := map[string]string{}
	for _, f := range archive.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		var b bytes.Buffer
		if _, err := b.ReadFrom(r); err != nil {
			t.Fatal(err)
		}
		content[f.Name] = b.String()
		if strings.Contains(f.Name, "/scripts/") && f.Mode()&0o111 == 0 {
			t.Errorf("%s cannot be executed", f.Name)
		}
	}
	record := content["prefectc-0.1.0.dist-info/RECORD"]
	for name := range content {
		if !strings.Contains(record, name+",") {
			t.Errorf("RECORD does not list %s", name)
		}
	}
	for _, want := range []string{"prefectc/__main__.py", "prefectc/_find.py", "prefectc-0.1.0.data/scripts/prefectc"} {
		if content[want] == "" {
			t.Errorf("the wheel has no %s", want)
		}
	}
	if metadata := content["prefectc-0.1.0.dist-info/METADATA"]; !strings.HasSuffix(metadata,
		"\n\n[a](https://github.com/prefectc/prefectc/blob/main/docs/a.md) [b](https://example.org) [c](#c)") {
		t.Errorf("METADATA ends wrong:\n%s", metadata)
	}
}

func TestPlatforms(t *testing.T) {
	if all, err := choose("all"); err != nil || len(all) < 5 {
		t.Errorf("all platforms: %v, %v", all, err)
	}
	if _, err := choose("linux/arm64,plan9/386"); err == nil || !strings.Contains(err.Error(), `"plan9/386"`) {
		t.Errorf("an unknown platform: %v", err)
	}
	for _, args := range [][]string{{}, {"-version", "v1"}, {"-version", "1.0"}} {
		if err := run(t.Context(), args, &bytes.Buffer{}); err == nil || !strings.Contains(err.Error(), "-version") {
			t.Errorf("%v: %v", args, err)
		}
	}
}

// Everything that is linked is under a licence that allows it, on every platform.
func TestLicences(t *testing.T) {
	all, err := licences(t.Context(), root(t))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"cuelang.org/go", "github.com/spf13/cobra", "std"} {
		if !slices.ContainsFunc(all, func(l licence) bool { return l.path == want }) {
			t.Errorf("no licence of %s", want)
		}
	}
	dir := t.TempDir()
	m := module{"example.org/m", "v1", dir}
	if _, err := m.licences(); err == nil || !strings.Contains(err.Error(), "no licence is found") {
		t.Errorf("a module without licence: %v", err)
	}
	other := "This program is free software: you can redistribute it and/or modify it under the terms of the GNU General Public License as published by " +
		"the Free Software Foundation, either version 3 of the License, or (at your option) any later version."
	if err := os.WriteFile(filepath.Join(dir, "COPYING"), []byte(other), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := m.licences(); err == nil || !strings.Contains(err.Error(), "not in the list of allowed licences") {
		t.Errorf("a module under the GPL: %v", err)
	}
}

// One version, wherever it is written.
func TestOneVersion(t *testing.T) {
	project := read(t, "pyproject.toml")
	version := regexp.MustCompile(`(?m)^version = "(.+)"$`).FindStringSubmatch(project)[1]
	if !strings.Contains(project, `dependencies = ["prefectc==`+version+`"]`) {
		t.Errorf("pyproject.toml does not depend on prefectc %s", version)
	}
	if !strings.Contains(read(t, "editors/vscode/package.json"), `"version": "`+version+`"`) {
		t.Errorf("editors/vscode/package.json is of another version than %s", version)
	}
	if !released.MatchString(version) {
		t.Errorf("%q is no version of a release", version)
	}
}

// The problem matcher reads what --format concise writes.
func TestProblemMatcher(t *testing.T) {
	var matcher struct {
		ProblemMatcher []struct {
			Pattern []struct{ Regexp string }
		}
	}
	if err := json.Unmarshal([]byte(read(t, ".github/prefectc-matcher.json")), &matcher); err != nil {
		t.Fatal(err)
	}
	pattern := regexp.MustCompile(matcher.ProblemMatcher[0].Pattern[0].Regexp)
	cmd := exec.Command("go", "run", "./cmd/prefectc", "check", "--format", "concise", "--stdin-filename", "jobs/prefect.yaml", "-")
	cmd.Dir = root(t)
	cmd.Stdin = strings.NewReader(faulty)
	out, _ := cmd.Output()
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	for _, line := range lines {
		m := pattern.FindStringSubmatch(line)
		if m == nil || m[1] != "jobs/prefect.yaml" {
			t.Errorf("the problem matcher does not read %q", line)
		}
	}
	if len(lines) < 2 {
		t.Errorf("only %q", out)
	}
}

var built = map[string]string{} //nolint:gochecknoglobals // the host's wheel takes seconds to make, and several tests need it

// hostWheel is the path of a wheel for this machine.
func hostWheel(t *testing.T) string {
	t.Helper()
	if built["host"] == "" {
		dir, err := os.MkdirTemp("", "prefectc-wheel-test-")
		if err != nil {
			t.Fatal(err)
		}
		var out bytes.Buffer
		if err := run(t.Context(), []string{"-version", testVersion, "-platforms", "host", "-o", dir}, &out); err != nil {
			t.Fatal(err)
		}
		built["host"] = strings.TrimSpace(out.String())
	}
	return built["host"]
}

func TestMain(m *testing.M) {
	code := m.Run()
	if built["host"] != "" {
		os.RemoveAll(filepath.Dir(built["host"]))
	}
	os.Exit(code)
}

func root(t *testing.T) string {
	t.Helper()
	dir, err := moduleRoot(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

func read(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(root(t), name))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// command runs a program that has to succeed and gives what it prints.
func command(t *testing.T, dir, name string, args ...string) string {
	t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Dir = dir
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%s %v: %v\n%s", name, args, err, out)
	}
	return string(out)
}

package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
)

// programs are built into every wheel, from the folders of the same name in cmd/.
var programs = []string{"prefectc", "prefect-lsp"}

func main() {
	if err := run(context.Background(), os.Args[1:], os.Stdout); err != nil {
		if !errors.Is(err, flag.ErrHelp) {
			fmt.Fprintln(os.Stderr, "release:", err)
		}
		os.Exit(1)
	}
}

// released is a version as both semantic versioning and PEP 440 write it: 1.2.3, or 1.2.3rc1.
var released = regexp.MustCompile(`^\d+\.\d+\.\d+((a|b|rc)\d+)?$`)

func run(ctx context.Context, args []string, stdout io.Writer) error {
	flags := flag.NewFlagSet("release", flag.ContinueOnError)
	version := flags.String("version", "", "`VERSION` of the release, such as 1.2.3 or 1.2.3rc1")
	out := flags.String("o", "dist", "`FOLDER` the wheels are written to")
	list := flags.String("platforms", "all", "`PLATFORMS` to build for: all, host, or names such as linux/arm64,windows/amd64")
	noticesFile := flags.String("notices", "", "`FILE` for the licences of everything that is linked, beside the wheels that hold them anyway")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if !released.MatchString(*version) {
		return fmt.Errorf("-version %q is not of the form 1.2.3 or 1.2.3rc1", *version)
	}
	chosen, err := choose(*list)
	if err != nil {
		return err
	}
	root, err := moduleRoot(ctx)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(*out, 0o755); err != nil {
		return err
	}
	all, err := licences(ctx, root)
	if err != nil {
		return err
	}
	texts := notices(all)
	if *noticesFile != "" {
		if err := os.WriteFile(*noticesFile, texts, 0o644); err != nil {
			return err
		}
	}
	for _, p := range chosen {
		path, err := makeWheel(ctx, root, *out, *version, p, texts)
		if err != nil {
			return fmt.Errorf("the wheel for %s: %w", p, err)
		}
		fmt.Fprintln(stdout, path)
	}
	return nil
}

// makeWheel builds the programs for one platform and packs them; it gives the path of the wheel.
func makeWheel(ctx context.Context, root, out, version string, p platform, notices []byte) (string, error) {
	dir, err := os.MkdirTemp("", "prefectc-release-")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(dir)
	if err := build(ctx, root, dir, version, p); err != nil {
		return "", err
	}
	w := wheel{version: version, tag: "py3-none-" + p.tag, licences: []file{{"THIRD_PARTY", notices}}}
	for _, program := range programs {
		data, err := os.ReadFile(filepath.Join(dir, p.exe(program)))
		if err != nil {
			return "", err
		}
		w.programs = append(w.programs, file{p.exe(program), data})
	}
	own, err := os.ReadFile(filepath.Join(root, "LICENSE"))
	if err != nil {
		return "", err
	}
	w.licences = append(w.licences, file{"LICENSE", own})
	if w.readme, err = os.ReadFile(filepath.Join(root, "README.md")); err != nil {
		return "", err
	}
	data, err := w.pack()
	if err != nil {
		return "", err
	}
	path := filepath.Join(out, w.name())
	return path, os.WriteFile(path, data, 0o644)
}

// build compiles the programs into dir.
func build(ctx context.Context, root, dir, version string, p platform) error {
	args := []string{"build", "-trimpath", "-o", dir + string(filepath.Separator),
		"-ldflags", "-s -w -X github.com/prefectc/prefectc/internal/cli.Version=" + version}
	for _, program := range programs {
		args = append(args, "./cmd/"+program)
	}
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Dir = root
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOFLAGS=", "GOOS="+p.os, "GOARCH="+p.arch)
	cmd.Stderr = os.Stderr
	return cmd.Run()
}

func moduleRoot(ctx context.Context) (string, error) {
	out, err := exec.CommandContext(ctx, "go", "list", "-m", "-f", "{{.Dir}}").Output()
	if err != nil {
		return "", fmt.Errorf("finding the module: %w", err)
	}
	return strings.TrimSpace(string(out)), nil
}

package step

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/prefectc/prefectc/compiler/value"
)

func workingDirectoryStep() nativeStep {
	return nativeStep{name: "set_working_directory", run: setWorkingDirectory, params: []param{required("directory")}}
}

// setWorkingDirectory moves the runner. Prefect 2 returns what it was given, Prefect 3 the real absolute path.
func setWorkingDirectory(_ context.Context, r *run, args arguments) (*value.Map, error) {
	dir, err := chdirPath(args["directory"])
	if err != nil {
		return nil, err
	}
	real, err := enter(r.join(dir))
	if err != nil || dir == "" {
		if err == nil {
			err = syscall.ENOENT
		}
		hint := ""
		if strings.HasPrefix(dir, "~") {
			hint = "~ is not expanded; write the whole path"
		}
		return nil, osError(err, dir, hint)
	}
	r.Dir = real
	if r.generation() == 2 {
		return value.NewMap("directory", dir), nil
	}
	return value.NewMap("directory", real), nil
}

func chdirPath(v value.Value) (string, error) {
	const hint = "directory must be text"
	switch v := v.(type) {
	case string:
		if strings.ContainsRune(v, 0) {
			return "", pyError("ValueError", "embedded null byte", "directory contains a NUL character")
		}
		return v, nil
	case int64: // Python takes a number for an open file
		return "", pyError("OSError", fmt.Sprintf("[Errno 9] Bad file descriptor: %d", v), mustBe("directory", "text", v))
	default:
		return "", pyError("TypeError", "chdir: path should be string, bytes, os.PathLike or integer, not "+typeName(v), hint)
	}
}

// enter checks that a directory can be entered and gives its real path, as chdir and getcwd would.
func enter(path string) (string, error) {
	info, err := os.Stat(path)
	if err != nil {
		return "", err
	}
	if !info.IsDir() {
		return "", syscall.ENOTDIR
	}
	if err := searchable(path); err != nil {
		return "", err
	}
	real, err := filepath.EvalSymlinks(path)
	if err != nil {
		return "", err
	}
	return filepath.Abs(real)
}

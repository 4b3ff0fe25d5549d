package python

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
)

// Variable names the interpreter to use; it goes before everything else.
const Variable = "PREFECTC_PYTHON"

// MissingPrefect is an interpreter without Prefect.
type MissingPrefect struct{ Path string }

func (e *MissingPrefect) Error() string {
	return fmt.Sprintf("%s cannot import prefect; activate the environment that has it or set %s to its interpreter", e.Path, Variable)
}

// Find looks for the user's interpreter: PREFECTC_PYTHON, the active virtual environment, .venv or venv in dir, the
// interpreter of the prefect command on PATH, then python3 or python on PATH. It does not start anything, so the
// interpreter may turn out to be without Prefect.
func Find(env []string, dir string) (string, error) {
	if p := variable(env, Variable); p != "" {
		if !strings.ContainsAny(p, `/\`) {
			if found, ok := onPath(env, dir, p); ok {
				return found, nil
			}
		} else if p = absolute(dir, p); isFile(p) {
			return p, nil
		}
		return "", fmt.Errorf("%s names %q, which is not there", Variable, p)
	}
	if v := variable(env, "VIRTUAL_ENV"); v != "" {
		if p, ok := inVenv(absolute(dir, v)); ok {
			return p, nil
		}
	}
	for _, name := range []string{".venv", "venv"} {
		if p, ok := inVenv(filepath.Join(dir, name)); ok {
			return p, nil
		}
	}
	if script, ok := onPath(env, dir, "prefect"); ok {
		if p, ok := interpreterOf(script); ok {
			return p, nil
		}
	}
	for _, name := range []string{"python3", "python"} {
		if p, ok := onPath(env, dir, name); ok {
			return p, nil
		}
	}
	return "", fmt.Errorf("no Python found in VIRTUAL_ENV, .venv, venv or PATH; set %s to the interpreter that has prefect", Variable)
}

func absolute(dir, p string) string {
	if filepath.IsAbs(p) {
		return p
	}
	return filepath.Join(dir, p)
}

func inVenv(dir string) (string, bool) {
	p := filepath.Join(dir, "bin", "python")
	if runtime.GOOS == "windows" {
		p = filepath.Join(dir, "Scripts", "python.exe")
	}
	return p, isFile(p)
}

func isFile(p string) bool {
	info, err := os.Stat(p)
	return err == nil && !info.IsDir()
}

func onPath(env []string, dir, name string) (string, bool) {
	if runtime.GOOS == "windows" {
		name += ".exe"
	}
	for _, d := range filepath.SplitList(variable(env, "PATH")) {
		if d == "" {
			continue
		}
		p := filepath.Join(absolute(dir, d), name)
		if info, err := os.Stat(p); err == nil && !info.IsDir() && (runtime.GOOS == "windows" || info.Mode()&0o111 != 0) {
			return p, true
		}
	}
	return "", false
}

// interpreterOf reads the first line of a script: tools like pipx and uv install Prefect into an environment of its own.
func interpreterOf(script string) (string, bool) {
	f, err := os.Open(script)
	if err != nil {
		return "", false
	}
	defer f.Close()
	line, _ := bufio.NewReaderSize(f, 1024).ReadSlice('\n') // what is no such line is refused below
	p, ok := strings.CutPrefix(strings.TrimSpace(string(line)), "#!")
	p = strings.TrimSpace(p)
	return p, ok && filepath.IsAbs(p) && strings.Contains(filepath.Base(p), "python") && isFile(p)
}

func variable(env []string, name string) string {
	for i := len(env) - 1; i >= 0; i-- {
		if v, ok := strings.CutPrefix(env[i], name+"="); ok {
			return v
		}
	}
	return ""
}

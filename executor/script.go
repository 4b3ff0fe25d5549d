package executor

import (
	"runtime"
	"strings"

	"github.com/prefectc/prefectc/compiler/pattern"
	"github.com/prefectc/prefectc/compiler/value"
)

// readers are commands that write no file, whatever their arguments.
var readers = wordSet("echo printf date pwd true false : sleep cat head tail ls test [ wc basename dirname hostname whoami id uname",
	"printenv seq cut tr grep sha1sum sha256sum md5sum cksum which jq set exit cmp diff stat du file readlink realpath expr nproc")

// gitReaders and dockerReaders are subcommands that write no file of the project.
var (
	gitReaders = wordSet("rev-parse describe log show ls-files rev-list symbolic-ref merge-base cat-file name-rev ls-remote")
	// A build reads its context. What it sends elsewhere with -o is written.
	dockerReaders = wordSet("build push pull tag login logout images inspect version info image manifest")
)

func wordSet(lists ...string) map[string]bool {
	set := map[string]bool{}
	for _, list := range lists {
		for _, word := range strings.Fields(list) {
			set[word] = true
		}
	}
	return set
}

var (
	placeholders = pattern.New(`\{\{[^{}]*\}\}`)
	harmless     = pattern.New(`[0-9]?>\s*(&[12]|/dev/null)`) // redirections
	separators   = pattern.New(`&&|\|\||[;&|()]|\$\(`)
)

// scriptEffect looks whether a script can do more than read. It takes for writing what it does not know.
func scriptEffect(inputs *value.Map) effect {
	script, _ := inputs.Get("script")
	text, ok := script.(string)
	if !ok || runtime.GOOS == "windows" {
		return writes
	}
	shell, _ := inputs.Get("shell")
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(placeholders.ReplaceAllString(line, "_"))
		if words := strings.Fields(line); !value.Truthy(shell) && len(words) > 2 && (words[0] == "bash" || words[0] == "sh") && words[1] == "-c" {
			_, line, _ = strings.Cut(line, "-c")
			if !shellReads(line) {
				return writes
			}
			continue
		}
		if value.Truthy(shell) && !shellReads(line) || !value.Truthy(shell) && !commandReads(line) {
			return writes
		}
	}
	return reads
}

// shellReads looks at each command of a shell's line. Quotes are not followed: text in them is taken for commands too.
func shellReads(line string) bool {
	line = harmless.ReplaceAllString(line, "")
	if strings.ContainsAny(line, "<>`{}\\") {
		return false
	}
	for _, command := range separators.Regexp().Split(line, -1) {
		if !commandReads(command) {
			return false
		}
	}
	return true
}

func commandReads(command string) bool {
	words := strings.Fields(strings.NewReplacer(`"`, " ", "'", " ").Replace(command))
	for len(words) > 0 && strings.Contains(words[0], "=") && !strings.HasPrefix(words[0], "=") {
		words = words[1:] // an assignment
	}
	if len(words) == 0 {
		return true
	}
	name, rest := words[0], words[1:]
	switch {
	case readers[name]:
		return true
	case len(rest) == 0:
		return false
	case name == "git":
		return gitReaders[rest[0]] && !strings.Contains(command, "--output")
	case name == "docker":
		if rest[0] == "buildx" && len(rest) > 1 {
			rest = rest[1:]
		}
		return dockerReaders[rest[0]] && !hasOutput(rest)
	}
	return false
}

// hasOutput looks for the flag of docker that writes what was built to a directory.
func hasOutput(words []string) bool {
	for _, w := range words {
		if strings.HasPrefix(w, "-o") || strings.HasPrefix(w, "--output") || strings.HasPrefix(w, "--iidfile") || strings.HasPrefix(w, "--metadata-file") {
			return true
		}
	}
	return false
}

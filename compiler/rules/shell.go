package rules

import (
	"strings"

	"github.com/prefectc/prefectc/compiler/source"
	"github.com/prefectc/prefectc/compiler/template"
	"github.com/prefectc/prefectc/compiler/yamldoc"
	"github.com/prefectc/prefectc/schema"
)

// script is the script of a run_shell_script step, taken apart as Prefect does: each line is a command of its own.
type script struct {
	*StepUse
	node  *yamldoc.Node
	lines []scriptLine
	shell bool // each line goes to a shell, as Prefect 3 does with "shell: true"
}

// scriptLine is one line that is not blank.
type scriptLine struct {
	at    int // offset in the script's text
	text  string
	words []shellWord
	open  string // "quote" or "backslash" if the line ends inside one
}

// shellWord is a word with its quotes still in place.
type shellWord struct {
	at   int // offset in the script's text
	text string
	bare string // the text outside quotes, with each quoted part as one NUL
}

// scripts visits the shell scripts whose kind of running is known.
func scripts(p *Pass, visit func(*script)) {
	coreSteps(p, func(s *StepUse) {
		n := s.argument("script")
		if n == nil || n.Kind != yamldoc.String {
			return
		}
		shell, known := s.truth("shell")
		if !known {
			return
		}
		if p.Generation() == schema.Prefect2 {
			if _, tried := s.Arg("shell"); tried {
				return // refused: see unknown-step-argument
			}
		}
		visit(&script{StepUse: s, node: n, lines: splitScript(n.Text), shell: shell})
	}, "run_shell_script")
}

// span is where a piece of the script is written.
func (s *script) span(p *Pass, at, length int) source.Span { return part(p, s.node, at, at+length) }

// first is the command of a line.
func (l *scriptLine) first() string {
	if len(l.words) == 0 {
		return ""
	}
	return l.words[0].text
}

// runsShell holds for a line that hands its text to a shell: bash -c "…".
func (l *scriptLine) runsShell() bool {
	name := l.first()
	name = name[strings.LastIndexByte(name, '/')+1:]
	switch name {
	case "bash", "sh", "zsh", "dash", "ksh", "fish", "cmd", "cmd.exe", "powershell", "pwsh", "env", "ssh", "su", "sudo":
		return true
	}
	return false
}

func splitScript(text string) (lines []scriptLine) {
	at := 0
	for _, line := range strings.SplitAfter(text, "\n") {
		trimmed := strings.TrimRight(line, "\r\n")
		if strings.TrimSpace(trimmed) != "" {
			l := scriptLine{at: at, text: trimmed}
			l.words, l.open = splitShellWords(trimmed, at)
			lines = append(lines, l)
		}
		at += len(line)
	}
	return lines
}

// splitShellWords splits like Python's shlex, but keeps the words as written. A placeholder is part of a word.
func splitShellWords(line string, base int) (words []shellWord, open string) {
	skip := map[int]int{}
	for _, ph := range template.Find(line) {
		skip[ph.Start] = ph.End
	}
	start := -1
	var bare strings.Builder
	flush := func(end int) {
		if start >= 0 {
			words = append(words, shellWord{base + start, line[start:end], bare.String()})
		}
		start = -1
		bare.Reset()
	}
	for i := 0; i < len(line); i++ {
		c := line[i]
		if end, ok := skip[i]; ok {
			start = startAt(start, i)
			bare.WriteByte(0)
			i = end - 1
			continue
		}
		switch c {
		case ' ', '\t':
			flush(i)
		case '\\':
			start = startAt(start, i)
			if i++; i < len(line) && line[i] != ' ' && line[i] != '\t' {
				bare.WriteByte(0)
			}
			if i == len(line) {
				flush(i)
				return words, "backslash"
			}
		case '\'', '"':
			start = startAt(start, i)
			bare.WriteByte(0)
			end := closing(line, i)
			if end < 0 {
				flush(len(line))
				return words, "quote"
			}
			i = end
		default:
			start = startAt(start, i)
			bare.WriteByte(c)
		}
	}
	flush(len(line))
	return words, ""
}

func startAt(start, i int) int {
	if start < 0 {
		return i
	}
	return start
}

// closing finds the quote that ends the one at i, or -1.
func closing(line string, i int) int {
	quote := line[i]
	for j := i + 1; j < len(line); j++ {
		switch {
		case line[j] == quote:
			return j
		case line[j] == '\\' && quote == '"':
			j++
		}
	}
	return -1
}

// isAssignment holds for NAME=value.
func isAssignment(word string) bool {
	name, _, found := strings.Cut(word, "=")
	return found && isShellName(name)
}

func isShellName(name string) bool {
	for i := 0; i < len(name); i++ {
		c := name[i]
		if c != '_' && (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (i == 0 || c < '0' || c > '9') {
			return false
		}
	}
	return name != ""
}

package policy

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/prefectc/prefectc/compiler/source"
)

// TestMistakes shows what is said of a prefectc.cue that cannot be used, as "line "text": message".
func TestMistakes(t *testing.T) {
	for name, test := range map[string]struct{ config, want string }{
		"an unclosed brace":              {"rules: {\n", `2 "": the file ends before everything that was opened is closed`},
		"a brace too many":               {"prefect: 3\n}\n", `2 "}": "}" cannot stand here in CUE`},
		"an unclosed text":               {"policies: a: message: \"x\n", `1 "\"x": this text has no closing quote`},
		"a sign that CUE does not have":  {"prefect: 3 ; %\n", `1 ";": a comma or a new line is missing before ";"`},
		"something after a value":        {"prefect: 3 4\n", `1 "4": a comma or a new line is missing before "4"`},
		"a tab of YAML":                  {"rules:\n  - a\n", `2 "a": nothing in this file is called "a"`},
		"an unknown key":                 {"rule: {}\n", `1 "rule": prefectc.cue has no "rule", did you mean "rules"; a name of your own begins with # or _`},
		"an unknown key far from others": {"something: 1\n", `1 "something": prefectc.cue has no "something", only prefect, rules, steps, policies or deployments; a name of your own begins with # or _`},
		"an unknown rule":                {"rules: \"unknown-kye\": \"off\"\n", `1 "\"unknown-kye\"": there is no rule "unknown-kye", did you mean "unknown-key"`},
		"a rule like no other":           {"rules: \"zzz\": \"off\"\n", `1 "\"zzz\"": there is no rule "zzz"; prefectc explain --all lists the rules`},
		"an unknown level":               {"rules: \"unknown-key\": \"warn\"\n", `1 "\"warn\"": the level of rule "unknown-key" must be "off", "info", "warning" or "error", not "warn"`},
		"a level that is no text":        {"rules: {\n\t\"unknown-key\": false\n}\n", `2 "false": the level of rule "unknown-key" must be "off", "info", "warning" or "error", not false`},
		"two mistakes":                   {"rules: {\n\t\"unknown-kye\": \"off\"\n\t\"unknown-key\": \"warn\"\n}\n", "2 \"\\\"unknown-kye\\\"\": there is no rule \"unknown-kye\", did you mean \"unknown-key\"\n3 \"\\\"warn\\\"\": the level of rule \"unknown-key\" must be \"off\", \"info\", \"warning\" or \"error\", not \"warn\""},
		"rules as a list":                {"rules: [\"unknown-key\"]\n", `1 "[\"unknown-key\"]": "rules" must be a mapping, not ["unknown-key"]`},
		"a generation that is not there": {"prefect: 4\n", `1 "4": "prefect" must be 2 or 3, not 4`},
		"a generation as text":           {"prefect: \"3\"\n", `1 "\"3\"": "prefect" must be 2 or 3, not "3"`},
		"a fixed rule":                   {"rules: \"yaml-syntax\": \"warning\"\n", `1 "\"warning\"": rule "yaml-syntax" cannot be made milder: of a file that Prefect cannot read nothing can be deployed`},
		"a level of an unknown policy":   {"rules: \"policy/tag\": \"off\"\npolicies: tags: {message: \"m\", deployment: tags: [_, ...]}\n", `1 "\"policy/tag\"": there is no policy "tag", did you mean "tags"`},
		"a policy without a message":     {"policies: a: deployment: tags: [_, ...]\n", `1 "a": policy "a" needs "message": what people are told`},
		"a policy without a constraint":  {"policies: a: message: \"m\"\n", `1 "a": policy "a" needs "deployment": what a deployment must satisfy`},
		"an empty message":               {"policies: a: {message: \"\", deployment: tags: [_, ...]}\n", `1 "\"\"": the message of policy "a" must be a text: it is what people are told`},
		"an unknown key of a policy":     {"policies: a: {\n\tmesage: \"m\"\n\tmessage: \"m\"\n\tdeployment: tags: [_, ...]\n}\n", `2 "mesage": policy "a" has no "mesage", did you mean "message"`},
		"an unknown severity":            {"policies: a: {message: \"m\", severity: \"fatal\", deployment: tags: [_, ...]}\n", `1 "\"fatal\"": "severity" of policy "a" must be "error", "warning" or "info", not "fatal"`},
		"a name that no flag can name":   {"policies: \"Tags required\": {message: \"m\", deployment: tags: [_, ...]}\n", `1 "\"Tags required\"": policy "Tags required" is to be named in comments and flags: call it like tags-required, with small letters, digits and hyphens`},
		"an unknown field of deployment": {"policies: a: {message: \"m\", deployment: tag: [_, ...]}\n", `1 "tag": a deployment has no "tag", did you mean "tags"`},
		"an unknown field of work_pool":  {"policies: a: {message: \"m\", deployment: work_pool: nme: string}\n", `1 "nme": "work_pool" of a deployment has no "nme", did you mean "name"`},
		"a field of another kind":        {"policies: a: {message: \"m\", deployment: work_pool: \"prod\"}\n", `1 "\"prod\"": "work_pool" of a deployment must be a mapping, not "prod"`},
		"an unknown field in when":       {"policies: a: {message: \"m\", when: nam: \"x\", deployment: tags: [_, ...]}\n", `1 "nam": a deployment has no "nam", did you mean "name"`},
		"a contradiction":                {"policies: a: {message: \"m\", deployment: name: \"a\" & \"b\"}\n", `1 "\"a\" & \"b\"": "name" of a deployment contradicts itself: no value is all that is asked of it`},
		"a bound that excludes a value":  {"policies: a: {message: \"m\", deployment: concurrency_limit: 5 & <3}\n", `1 "5 & <3": "concurrency_limit" of a deployment contradicts itself: its value is outside its own bounds`},
		"a name that is not there":       {"policies: a: {message: \"m\", deployment: name: prod}\n", `1 "prod": nothing in this file is called "prod"`},
		"a field that is not there":      {"_p: {a: \"x\"}\npolicies: a: {message: \"m\", deployment: name: _p.b}\n", `2 "b": "_p" has no "b", did you mean "a"`},
		"a pattern that is none":         {"policies: a: {message: \"m\", deployment: name: =~\"(\"}\n", `1 "\"(\"": this is no regular expression: missing closing )`},
		"a definition that is closed":    {"#D: {tags: [_, ...]}\npolicies: a: {message: \"m\", deployment: #D}\n", `2 "#D": this constraint is closed, so that every deployment with other fields breaks it: end the definition with ...`},
		"two messages":                   {"policies: a: {message: \"m\", deployment: tags: [_, ...]}\npolicies: a: message: \"n\"\n", `1 "\"m\"": "message" of policy "a" contradicts itself: no value is all that is asked of it`},
		"a package that opens files":     {"import \"tool/file\"\nx: file.Read\n", `1 "\"tool/file\"": prefectc.cue may not import "tool/file", only list, math, net, regexp, strconv, strings, struct or time`},
		"a package of the network":       {"import \"example.com/policies\"\n", `1 "\"example.com/policies\"": prefectc.cue may not import "example.com/policies", only list, math, net, regexp, strconv, strings, struct or time`},
		"a function that makes much":     {"import \"strings\"\n_x: strings.Repeat(\"x\", 1000000000)\n", `2 "Repeat": prefectc.cue may not use strings.Repeat, only functions whose result is never larger than what they are given`},
		"a loop over numbers":            {"import \"list\"\n_x: list.Range(0, 1000000000, 1)\n", `2 "Range": prefectc.cue may not use list.Range, only functions whose result is never larger than what they are given`},
		"text times a number":            {"_n: 1000000000\n_x: \"x\" * _n\n", `2 "\"x\" * _n": prefectc.cue may multiply only plain numbers`},
		"a bomb of references":           {bomb(), `6 "_a5": this grows beyond all bounds when its references are followed`},
		"a bomb of alternatives":         {choices(), `1 "": this file has more than 2000 alternatives to try for one value`},
		"a bomb of loops":                {"_a: [for x in _b for y in _b for z in _b for w in _b {x}]\n_b: [1,2,3]\n", `1 "_a": this grows beyond all bounds when its references are followed`},
		"brackets without end":           {"_x: " + strings.Repeat("[", 20000) + "\n", `1 "[": more than 100 brackets around each other`},
		"labels without end":             {"_x: " + strings.Repeat("a: ", 20000) + "1\n", `1 "a": this is nested too deeply`},
		"operators without end":          {"_x: " + strings.Repeat("!", 50000) + "true\n", `1 "!": "!" cannot stand here in CUE`},
		"a step that is no import path":  {"steps: \"retrieve secrets\": {}\n", `1 "\"retrieve secrets\"": a step is called by the import path of its function, such as "retrieve_secrets.main", not "retrieve secrets"`},
		"a step with an unknown key":     {"steps: \"a.b\": {args: {}}\n", `1 "args": step "a.b" has no "args", only doc, arguments, outputs, package or deprecated`},
		"arguments as a list":            {"steps: \"a.b\": {arguments: [\"x\"]}\n", `1 "[\"x\"]": "arguments" of step "a.b" must be a mapping, not ["x"]`},
		"an argument with bounds":        {"steps: \"a.b\": arguments: n?: >0 & <5\n", `1 "n": argument "n" of a step is a type, a choice of texts or a pattern: any other bound is one for a policy`},
		"an argument of one number":      {"steps: \"a.b\": arguments: n?: 1 | 2\n", `1 "n": argument "n" of a step is a type, a choice of texts or a pattern: any other bound is one for a policy`},
		"an argument every step has":     {"steps: \"a.b\": arguments: id?: string\n", `1 "id": every step takes "id": Prefect uses it itself and passes it to none`},
	} {
		t.Run(name, func(t *testing.T) {
			c, found := Read(context.Background(), source.New(FileName, []byte(test.config)), known)
			if c != nil {
				t.Fatalf("it can be used:\n%s", test.config)
			}
			var lines []string
			for _, d := range found {
				lines = append(lines, fmt.Sprintf("%d %q: %s", d.File.Position(d.Span.Start).Line, d.File.Slice(d.Span), d.Message))
			}
			if got := strings.Join(lines, "\n"); got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
		})
	}
}

// bomb doubles ten times over.
func bomb() string {
	var b strings.Builder
	b.WriteString("_a0: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]\n")
	for i := range 9 {
		fmt.Fprintf(&b, "_a%d: [%s]\n", i+1, strings.TrimSuffix(strings.Repeat(fmt.Sprintf("_a%d, ", i), 10), ", "))
	}
	return b.String()
}

func choices() string {
	var b strings.Builder
	b.WriteString("_x: ")
	for i := range 20 {
		fmt.Fprintf(&b, "({a%d: 1} | {b%d: 1}) & ", i, i)
	}
	return b.String() + "{c: 1}\n"
}

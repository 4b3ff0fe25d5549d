package render_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"testing"

	"github.com/prefectc/prefectc/internal/render"
)

// junitElement is what may stand in an element of a JUnit report, and what must.
type junitElement struct {
	inside   []string
	needs    []string // attributes
	may      []string
	anyWords bool // text may stand in it
}

var junitElements = map[string]junitElement{
	"testsuites": {inside: []string{"testsuite"}, may: []string{"name", "time", "tests", "failures", "errors"}},
	"testsuite": {
		inside: []string{"properties", "testcase", "system-out", "system-err"},
		needs:  []string{"name", "tests", "failures", "errors"},
		may:    []string{"time", "skipped", "timestamp", "hostname", "id", "package", "file"},
	},
	"testcase": {
		inside: []string{"skipped", "error", "failure", "system-out", "system-err"},
		needs:  []string{"name", "classname"}, may: []string{"time", "file", "line"},
	},
	"failure":    {may: []string{"type", "message"}, anyWords: true},
	"system-out": {anyWords: true},
}

func TestJUnitKeepsToItsRules(t *testing.T) {
	for name, r := range map[string]*render.Report{"real": realReport(t), "hard": report(), "empty": {}} {
		var b bytes.Buffer
		if err := r.Write(&b, "junit", render.Text{}); err != nil {
			t.Fatal(err)
		}
		if err := junitMistake(&b); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, text := range map[string]string{
		"no root":      ``,
		"unknown":      `<testsuites><suite/></testsuites>`,
		"misplaced":    `<testsuites><testcase name="a" classname="b"/></testsuites>`,
		"no errors":    `<testsuites><testsuite name="a" tests="0" failures="0"/></testsuites>`,
		"wrong count":  `<testsuites><testsuite name="a" tests="1" failures="0" errors="0"/></testsuites>`,
		"wrong failed": `<testsuites><testsuite name="a" tests="1" failures="0" errors="0"><testcase name="a" classname="b"><failure/></testcase></testsuite></testsuites>`,
		"words":        `<testsuites>words</testsuites>`,
	} {
		if junitMistake(bytes.NewReader([]byte(text))) == nil {
			t.Errorf("%s: nothing is wrong with %s", name, text)
		}
	}
}

// junitMistake is the first thing that breaks the rules: elements, attributes, and counts that are not those of what is there.
func junitMistake(r io.Reader) error {
	d := xml.NewDecoder(r)
	var open []string
	var tests, failures int // of the suite
	var want map[string]string
	seen := false
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			if !seen {
				return fmt.Errorf("there is no testsuites")
			}
			return nil
		} else if err != nil {
			return err
		}
		switch token := token.(type) {
		case xml.StartElement:
			name := token.Name.Local
			if len(open) == 0 {
				if seen = name == "testsuites"; !seen {
					return fmt.Errorf("the root is %s", name)
				}
			} else if !slices.Contains(junitElements[open[len(open)-1]].inside, name) {
				return fmt.Errorf("%s stands in %s", name, open[len(open)-1])
			}
			attributes, err := junitAttributes(token)
			if err != nil {
				return err
			}
			switch name {
			case "testsuite":
				want, tests, failures = attributes, 0, 0
			case "testcase":
				tests++
			case "failure":
				failures++
			}
			open = append(open, name)
		case xml.EndElement:
			if token.Name.Local == "testsuite" && (want["tests"] != strconv.Itoa(tests) || want["failures"] != strconv.Itoa(failures)) {
				return fmt.Errorf("%d tests and %d failures are in %v", tests, failures, want)
			}
			open = open[:len(open)-1]
		case xml.CharData:
			if len(bytes.TrimSpace(token)) > 0 && (len(open) == 0 || !junitElements[open[len(open)-1]].anyWords) {
				return fmt.Errorf("text stands in %v", open)
			}
		}
	}
}

func junitAttributes(e xml.StartElement) (map[string]string, error) {
	rule := junitElements[e.Name.Local]
	got := map[string]string{}
	for _, a := range e.Attr {
		if !slices.Contains(rule.needs, a.Name.Local) && !slices.Contains(rule.may, a.Name.Local) {
			return nil, fmt.Errorf("%s has an attribute %s", e.Name.Local, a.Name.Local)
		}
		got[a.Name.Local] = a.Value
	}
	for _, name := range rule.needs {
		if _, ok := got[name]; !ok {
			return nil, fmt.Errorf("%s has no attribute %s", e.Name.Local, name)
		}
	}
	return got, nil
}

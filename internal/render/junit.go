package render

import (
	"encoding/xml"
	"fmt"
	"io"
	"strings"

	"github.com/prefectc/prefectc/compiler/diag"
)

// The XML that test reports of CI systems read. A file is a suite; a finding that makes the check fail is a failed test, any
// other a test that passed and said something; a file without findings is one passed test.

type junitSuites struct {
	XMLName  xml.Name     `xml:"testsuites"`
	Name     string       `xml:"name,attr"`
	Tests    int          `xml:"tests,attr"`
	Failures int          `xml:"failures,attr"`
	Errors   int          `xml:"errors,attr"`
	Suites   []junitSuite `xml:"testsuite"`
}

type junitSuite struct {
	Name     string      `xml:"name,attr"`
	Tests    int         `xml:"tests,attr"`
	Failures int         `xml:"failures,attr"`
	Errors   int         `xml:"errors,attr"`  // always 0: a file that cannot be read is a finding too
	Skipped  int         `xml:"skipped,attr"` // always 0
	Cases    []junitCase `xml:"testcase"`
}

type junitCase struct {
	Name    string        `xml:"name,attr"`
	Class   string        `xml:"classname,attr"`
	File    string        `xml:"file,attr"`
	Line    int           `xml:"line,attr,omitempty"`
	Failure *junitFailure `xml:"failure,omitempty"`
	Out     *junitText    `xml:"system-out,omitempty"`
}

type junitText struct {
	Text string `xml:",cdata"`
}

type junitFailure struct {
	Type    string `xml:"type,attr"`
	Message string `xml:"message,attr"`
	Text    string `xml:",cdata"`
}

func (r *Report) junit(w io.Writer) error {
	all := junitSuites{Name: "prefectc check"}
	for _, path := range r.Files {
		suite := junitSuite{Name: path}
		for i := range r.Findings {
			if d := &r.Findings[i]; d.File.Path == path {
				suite.add(r.junitCase(d))
			}
		}
		if len(suite.Cases) == 0 {
			suite.add(junitCase{Name: "no findings", Class: path, File: path})
		}
		all.Tests, all.Failures = all.Tests+suite.Tests, all.Failures+suite.Failures
		all.Suites = append(all.Suites, suite)
	}
	text, err := xml.MarshalIndent(all, "", "  ")
	if err != nil {
		return fmt.Errorf("writing JUnit XML: %w", err)
	}
	_, err = fmt.Fprintf(w, "%s%s\n", xml.Header, text)
	return err
}

func (s *junitSuite) add(c junitCase) {
	s.Cases = append(s.Cases, c)
	s.Tests++
	if c.Failure != nil {
		s.Failures++
	}
}

func (r *Report) junitCase(d *diag.Diagnostic) junitCase {
	p := d.File.Position(d.Span.Start)
	c := junitCase{Name: fmt.Sprintf("%s at %d:%d", d.Rule, p.Line, p.Column), Class: d.File.Path, File: d.File.Path, Line: p.Line}
	var b strings.Builder
	Text{}.one(&b, d)
	text := strings.Map(xmlRune, strings.TrimRight(b.String(), "\n"))
	if r.fails(d) {
		c.Failure = &junitFailure{d.Severity.String(), d.Message, text}
	} else {
		c.Out = &junitText{text}
	}
	return c
}

// xmlRune replaces what XML cannot hold; of the control characters, text is free already.
func xmlRune(r rune) rune {
	if r == 0xFFFE || r == 0xFFFF {
		return '?'
	}
	return r
}

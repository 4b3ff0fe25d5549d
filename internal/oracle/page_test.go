package oracle

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestDifferencesArePagedAndTested holds docs/differences.md and the tests together: every row has tests that exist, and
// every difference and allowance of a case belongs to a row that names the case.
func TestDifferencesArePagedAndTested(t *testing.T) {
	rows := readPage(t)
	source, err := os.ReadFile("intended_test.go")
	if err != nil {
		t.Fatal(err)
	}
	constants, err := os.ReadFile("differences_test.go")
	if err != nil {
		t.Fatal(err)
	}
	for row, tests := range rows {
		if len(tests) == 0 {
			t.Errorf("row %s has no test", row)
		}
		for _, test := range tests {
			kind, name, _ := strings.Cut(test, " ")
			switch {
			case kind == "case":
				if _, err := os.Stat(filepath.Join(kit, "cases", name)); err != nil {
					t.Errorf("row %s: %v", row, err)
				}
			case strings.HasSuffix(test, ".txtar"):
				if _, err := os.Stat(filepath.Join("../../testdata/script", test)); err != nil {
					t.Errorf("row %s: %v", row, err)
				}
			default:
				constant := regexp.MustCompile(`(\w+) += "` + regexp.QuoteMeta(row) + `"`).FindStringSubmatch(string(constants))
				inTest := strings.Contains(string(source), `t.Run("`+row+`"`) ||
					constant != nil && strings.Contains(string(source), "t.Run("+constant[1]+",")
				if test != "TestIntended/"+row || !inTest {
					t.Errorf("row %s: there is no test %q", row, test)
				}
			}
		}
	}
	belongs := func(row, testCase string) {
		for _, test := range rows[row] {
			if test == "case "+testCase {
				return
			}
		}
		t.Errorf("case %s has a difference of row %q, whose tests on the page are %q", testCase, row, rows[row])
	}
	for name, generations := range differences {
		for _, list := range generations {
			for _, d := range list {
				belongs(d.row, name)
			}
		}
	}
	for name, a := range allowances {
		belongs(a.row, name)
	}
}

// readPage gives the tests of each row.
func readPage(t *testing.T) map[string][]string {
	t.Helper()
	text, err := os.ReadFile("../../docs/differences.md")
	if err != nil {
		t.Fatal(err)
	}
	rows := map[string][]string{}
	for line := range strings.Lines(string(text)) {
		cells := strings.Split(strings.Trim(strings.TrimSpace(line), "|"), " | ")
		if len(cells) != 5 || strings.HasPrefix(strings.TrimSpace(cells[0]), "Row") {
			continue
		}
		var tests []string
		for _, test := range strings.Split(cells[4], ",") {
			if test = strings.TrimSpace(test); test != "" {
				tests = append(tests, test)
			}
		}
		rows[strings.TrimSpace(cells[0])] = tests
	}
	if len(rows) == 0 {
		t.Fatal("the page has no rows")
	}
	return rows
}

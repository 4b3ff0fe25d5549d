package yamldoc

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"errors"
	"os"
	"reflect"
	"slices"
	"testing"

	"github.com/prefectc/prefectc/compiler/source"
	"github.com/prefectc/prefectc/compiler/value"
)

// recordVariable names another record to compare with; scripts/pyyaml.sh makes one with a fresh seed.
const recordVariable = "PREFECTC_PYYAML_RECORD"

// leastGenerated is how many documents a record must hold.
const leastGenerated = 20000

// Of thousands of documents made at random, each is read as PyYAML reads it: the same value with the same types, or refused.
func TestGenerated(t *testing.T) {
	name := "testdata/generated.json.gz"
	if other := os.Getenv(recordVariable); other != "" {
		name = other
	}
	file, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close() //nolint:errcheck // only read
	z, err := gzip.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(z)
	lines.Buffer(nil, 64<<20)
	total, refused, wrong := 0, 0, 0
	for lines.Scan() {
		var c [2]any
		if err := json.Unmarshal(lines.Bytes(), &c); err != nil {
			t.Fatalf("%s:%d: %v", name, total+1, err)
		}
		total++
		if c[1] == nil {
			refused++
		}
		if !sameAsRecorded(t, c[0].(string), c[1]) {
			wrong++
		}
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	if total < leastGenerated || refused == 0 || refused == total {
		t.Errorf("%s: %d documents, %d of them refused: want %d or more, of both kinds", name, total, refused, leastGenerated)
	}
	t.Logf("%d documents, %d that PyYAML refuses, %d read otherwise", total, refused, wrong)
}

func sameAsRecorded(t *testing.T, text string, want any) bool {
	t.Helper()
	d := Read(source.New("x.yaml", []byte(text)))
	var v value.Value
	var refused error
	if i := slices.IndexFunc(d.Problems, func(p Problem) bool { return p.Fatal || p.Kind == Recursive }); i >= 0 {
		refused = errors.New(d.Problems[i].Message)
	} else if v, refused = d.Root.Python(); refused != nil {
		t.Fatalf("%q has no problem, but no value: %v", text, refused)
	}
	switch {
	case want == nil && refused == nil:
		t.Errorf("%q is accepted, PyYAML refuses it", text)
		return false
	case want == nil:
		return true
	case refused != nil:
		t.Errorf("%q is refused: %s; PyYAML loads it", text, refused)
		return false
	}
	got, err := json.Marshal(typed(v))
	if err != nil {
		t.Fatal(err)
	}
	var plain any
	if err := json.Unmarshal(got, &plain); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(plain, want) {
		wanted, _ := json.Marshal(want)
		t.Errorf("%q\n got %s\nwant %s", text, got, wanted)
		return false
	}
	return true
}

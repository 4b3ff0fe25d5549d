package yamldoc

import (
	"compress/gzip"
	"encoding/json"
	"os"
	"testing"

	"github.com/prefectc/prefectc/compiler/source"
	"github.com/prefectc/prefectc/compiler/value"
)

// PyYAML is the judge again: testdata/dump.py wrote down what its yaml.dump makes of data.
func TestDumpIsPyYAMLs(t *testing.T) {
	file, err := os.Open("testdata/dump.json.gz")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close() //nolint:errcheck // only read
	z, err := gzip.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	var cases [][2]json.RawMessage
	if err := json.NewDecoder(z).Decode(&cases); err != nil {
		t.Fatal(err)
	}
	if len(cases) < 1000 {
		t.Fatalf("%d cases are recorded, want 1000 or more", len(cases))
	}
	for _, c := range cases {
		v, err := value.FromJSON(c[0])
		if err != nil {
			t.Fatal(err)
		}
		var want string
		if err := json.Unmarshal(c[1], &want); err != nil {
			t.Fatal(err)
		}
		got, err := Dump(v.(*value.Map))
		if err != nil {
			t.Fatalf("%s: %v", c[0], err)
		}
		if got != want {
			t.Errorf("%s\n got %q\nwant %q", c[0], got, want)
		}
		d := Read(source.New("x.yaml", []byte(got)))
		back, err := d.Root.Python()
		if err != nil || !value.Equal(back, v) {
			t.Errorf("%q reads back as %v (%v), want %s", got, back, err, c[0])
		}
	}
}

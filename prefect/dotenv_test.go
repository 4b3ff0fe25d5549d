package prefect

import (
	"reflect"
	"strings"
	"testing"
)

// Each case was compared with python-dotenv.
func TestDotenvIsReadAsPythonDotenvReadsIt(t *testing.T) {
	env := map[string]string{"HOST": "h", "BOTH": "env"}
	cases := []struct {
		text string
		want map[string]string
		bad  int
	}{
		{"A=1\nB = 2 \r\nexport C=3", map[string]string{"A": "1", "B": "2", "C": "3"}, 0},
		{"A=a#b # comment\nB=#none\n# C=1\n", map[string]string{"A": "a#b", "B": "#none"}, 0},
		{`A="x\ty\"z\q"` + "\nB='x\\ty\\'z'\n", map[string]string{"A": "x\ty\"z\\q", "B": "x\\ty'z"}, 0},
		{"A=\"one\ntwo\" # c\nB=2", map[string]string{"A": "one\ntwo", "B": "2"}, 0},
		{"A=http://${HOST}:${PORT:-42}/${NONE}\nB='${HOST}'\nBOTH=file\nC=${BOTH}", map[string]string{"A": "http://h:42/", "B": "h", "BOTH": "file", "C": "file"}, 0},
		{"A\nB=\nC=${open\n", map[string]string{"B": "", "C": "${open"}, 0},
		{"not a line\nA=1\nB=\"open\nC=2", map[string]string{"A": "1", "C": "2"}, 2},
		{"'A B'=1\n=x\nA=1\nA=2", map[string]string{"A B": "1", "A": "2"}, 1},
		{"\ufeffA=1", map[string]string{"A": "1"}, 0},
	}
	for _, c := range cases {
		got, problems := parseDotenv(c.text, env)
		if !reflect.DeepEqual(got, c.want) || len(problems) != c.bad {
			t.Errorf("%q\n got %q, problems %q\nwant %q, %d problems", c.text, got, problems, c.want, c.bad)
		}
	}
	if _, problems := parseDotenv("A=1\n\nwhat is this\n", nil); len(problems) != 1 || !strings.HasPrefix(problems[0], "line 3 ") {
		t.Errorf("problems are %q, want one on line 3", problems)
	}
}

func FuzzDotenv(f *testing.F) {
	for _, seed := range []string{"A=1", "export A='x'\n", "A=\"\\n${B:-c}\"#", "'A'=${", "\ufeffA\n=", "A=\"open\nB=1", "#\r\n\v=\x00"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		values, _ := parseDotenv(text, map[string]string{"A": "1"})
		for name := range values {
			if name == "" {
				t.Fatalf("a name is empty")
			}
		}
	})
}

func FuzzSettings(f *testing.F) {
	f.Add("[api]\nurl='http://u:p@h/api'\n", "PREFECT_API_KEY=x\n", "active='a'\n[profiles.a]\nPREFECT_API_URL='x'\n", `{"X":"y"}`)
	f.Add("api=1", "x", "profiles=[1]", `[]`)
	f.Add("[client]\ncustom_headers={a=1}\nretry_extra_codes=[[1]]", "PREFECT_CLIENT_MAX_RETRIES=1e99", "[profiles]\na=1", "null")
	f.Add("[api]\nurl=2020-01-01", "PREFECT_API_URL=http://[::1", "active=3", "\"x\"")
	f.Fuzz(func(t *testing.T, prefectToml, dotenv, profiles, headers string) {
		l := &loader{env: map[string]string{CustomHeaders: headers}, generation: 3}
		doc, err := parseTOML([]byte(prefectToml))
		if err != nil {
			return
		}
		own, err := parseTOML([]byte(profiles))
		if err != nil {
			return
		}
		values, _ := parseDotenv(dotenv, l.env)
		s := Settings{Generation: 3, origins: map[string]Origin{}}
		if err := s.fill([]source{
			textSource(values, 3, Origin{Kind: Dotenv}), tableSource(doc, Origin{Kind: PrefectToml}),
			profileSource(subtable(own, "profiles", "a"), 3, Origin{Kind: Profile}), environmentSource(l.env, 3),
		}); err != nil {
			return
		}
		s.complete(l)
		if c, err := New(s, Extra{}); err == nil {
			c.Close()
		}
	})
}

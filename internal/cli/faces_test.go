package cli_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/prefectc/prefectc/internal/cli"
	"github.com/prefectc/prefectc/lsp"
)

// finding is what both faces say of one place, as text. A place in another file counts as its own kind of place.
type finding string

// TestCheckAndServerSayTheSame compares prefectc check and the language server on every case of the rules and of the oracle.
func TestCheckAndServerSayTheSame(t *testing.T) {
	var files []string
	for _, pattern := range []string{"../../testdata/rules/*/*.yaml", "../../testdata/oracle/cases/*/*.yaml", "../../testdata/oracle/cases/*/*/prefect.yaml"} {
		names, err := filepath.Glob(pattern)
		if err != nil || len(names) == 0 {
			t.Fatalf("%s: no cases: %v", pattern, err)
		}
		files = append(files, names...)
	}
	server := serve(t)
	total := 0
	for _, name := range files {
		path, err := filepath.Abs(name)
		if err != nil {
			t.Fatal(err)
		}
		want, got := checked(t, path), server.diagnosed(path)
		total += len(want)
		if !slices.Equal(want, got) {
			t.Errorf("%s:\ncheck:  %s\nserver: %s", name, strings.Join(texts(want), "\n        "), strings.Join(texts(got), "\n        "))
		}
	}
	if total < 300 {
		t.Errorf("only %d findings were compared", total)
	}
}

func texts(list []finding) []string {
	var out []string
	for _, f := range list {
		out = append(out, string(f))
	}
	return out
}

var severities = []string{"", "error", "warning", "info"}

func checked(t *testing.T, path string) []finding {
	var out, errs bytes.Buffer
	code := cli.Main(context.Background(), &cli.Process{Stdin: strings.NewReader(""), Stdout: &out, Stderr: &errs, Dir: filepath.Dir(path)},
		[]string{"check", "--format", "json", filepath.Base(path)})
	var doc struct {
		Findings []struct {
			Rule, Severity, Message, File, URL string
			Start, End                         struct{ Line, Column int }
			Related                            []json.RawMessage
		}
	}
	if err := json.Unmarshal(out.Bytes(), &doc); err != nil {
		t.Fatalf("%s: exit %d: %v\n%s%s", path, code, err, out.Bytes(), errs.Bytes())
	}
	var list []finding
	for _, f := range doc.Findings {
		place := fmt.Sprintf("%d:%d-%d:%d", f.Start.Line, f.Start.Column, f.End.Line, f.End.Column)
		if filepath.Base(f.File) != filepath.Base(path) {
			place = "elsewhere"
		}
		list = append(list, finding(fmt.Sprintf("%s %s %s: %s (%s)", place, f.Severity, f.Rule, f.Message, f.URL)))
	}
	slices.Sort(list)
	return list
}

// client is as much of an editor as the comparison needs: it asks, and waits for the answer.
type client struct {
	t    *testing.T
	in   io.Writer
	from *framed
	id   int
}

func serve(t *testing.T) *client {
	fromClient, in := io.Pipe()
	out, toClient := io.Pipe()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan int, 1)
	go func() { done <- lsp.Serve(ctx, fromClient, toClient, io.Discard, lsp.Options{Version: "test"}) }()
	t.Cleanup(func() {
		cancel()
		_ = in.Close()
		_ = out.Close()
		<-done
	})
	c := &client{t: t, in: in, from: &framed{r: out}}
	c.ask("initialize", map[string]any{"processId": nil, "initializationOptions": map[string]any{"files": []string{"*.yaml"}},
		"capabilities": map[string]any{"general": map[string]any{"positionEncodings": []string{"utf-32"}},
			"textDocument": map[string]any{"diagnostic": map[string]any{}, "publishDiagnostics": map[string]any{"relatedInformation": true, "codeDescriptionSupport": true}}}}, nil)
	return c
}

// framed takes the headers out of the protocol's stream.
type framed struct{ r io.Reader }

func (f *framed) next(v any) error {
	length := 0
	var line []byte
	for b := make([]byte, 1); ; {
		if _, err := io.ReadFull(f.r, b); err != nil {
			return err
		}
		if line = append(line, b[0]); b[0] != '\n' {
			continue
		}
		if text := strings.TrimSpace(string(line)); text == "" {
			break
		} else if _, err := fmt.Sscanf(text, "Content-Length: %d", &length); err != nil {
			return err
		}
		line = nil
	}
	body := make([]byte, length)
	if _, err := io.ReadFull(f.r, body); err != nil {
		return err
	}
	return json.Unmarshal(body, v)
}

func (c *client) ask(method string, params, result any) {
	c.t.Helper()
	c.id++
	body, err := json.Marshal(map[string]any{"jsonrpc": "2.0", "id": c.id, "method": method, "params": params})
	if err != nil {
		c.t.Fatal(err)
	}
	if _, err := fmt.Fprintf(c.in, "Content-Length: %d\r\n\r\n%s", len(body), body); err != nil {
		c.t.Fatal(err)
	}
	for {
		var m struct {
			ID     *int
			Result json.RawMessage
			Error  json.RawMessage
		}
		if err := c.from.next(&m); err != nil {
			c.t.Fatal(err)
		}
		if m.ID == nil || *m.ID != c.id {
			continue
		}
		if m.Error != nil {
			c.t.Fatalf("%s: %s", method, m.Error)
		}
		if result != nil {
			if err := json.Unmarshal(m.Result, result); err != nil {
				c.t.Fatal(err)
			}
		}
		return
	}
}

func (c *client) diagnosed(path string) []finding {
	uri := (&url.URL{Scheme: "file", Path: filepath.ToSlash(path)}).String()
	type position struct{ Line, Character int }
	var report struct {
		Items []struct {
			Range              struct{ Start, End position }
			Severity           int
			Code, Message      string
			CodeDescription    struct{ Href string }
			RelatedInformation []struct {
				Location struct{ URI string }
				Message  string
			}
		}
	}
	c.ask("textDocument/diagnostic", map[string]any{"textDocument": map[string]any{"uri": uri}}, &report)
	var list []finding
	for _, d := range report.Items {
		place := fmt.Sprintf("%d:%d-%d:%d", d.Range.Start.Line+1, d.Range.Start.Character+1, d.Range.End.Line+1, d.Range.End.Character+1)
		if r := d.RelatedInformation; len(r) > 0 && r[0].Message == "here" && r[0].Location.URI != uri {
			place = "elsewhere"
		}
		list = append(list, finding(fmt.Sprintf("%s %s %s: %s (%s)", place, severities[d.Severity], d.Code, d.Message, d.CodeDescription.Href)))
	}
	slices.Sort(list)
	return list
}

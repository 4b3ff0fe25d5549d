package prefect

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/prefectc/prefectc/compiler/value"
)

const (
	maxProblems   = 20   // of one answer, shown to a person
	maxDetailText = 2000 // bytes of a text in an answer, shown to a person
)

// Problem is one complaint of the API about a request.
type Problem struct {
	Path    string // where in the body, as job_variables.env.A; "" when it concerns the whole
	Message string
}

// Detail is what an unsuccessful answer says.
type Detail struct {
	Text     string    // the server's sentence, "" when it gave only problems
	Problems []Problem // the fields it rejected
	JSON     bool      // the answer was a JSON object, as the API's own errors are
	HTML     bool      // the answer was a web page
}

// String is the detail on one line.
func (d Detail) String() string {
	parts := make([]string, 0, len(d.Problems)+1)
	if d.Text != "" {
		parts = append(parts, d.Text)
	}
	for i, p := range d.Problems {
		if i == maxProblems {
			parts = append(parts, fmt.Sprintf("and %d more", len(d.Problems)-i))
			break
		}
		if p.Path == "" {
			parts = append(parts, p.Message)
		} else {
			parts = append(parts, p.Path+": "+p.Message)
		}
	}
	return strings.Join(parts, "; ")
}

// parseDetail reads an unsuccessful answer in any of the shapes FastAPI, Prefect, Prefect Cloud and proxies give it. It never shows the
// request body that Prefect's validation errors repeat.
func parseDetail(contentType string, body []byte) Detail {
	trimmed := bytes.TrimSpace(body)
	if strings.Contains(contentType, "html") || bytes.HasPrefix(trimmed, []byte("<")) {
		return Detail{HTML: true, Text: pageTitle(trimmed)}
	}
	v, err := value.FromJSON(trimmed)
	if err != nil {
		return Detail{Text: sentence(string(trimmed))}
	}
	doc, ok := v.(*value.Map)
	if !ok {
		return Detail{Text: sentence(value.Str(v))}
	}
	d := Detail{JSON: true}
	for _, key := range []string{"exception_message", "message", "error"} {
		if text, ok := field[string](doc, key); ok && text != "" {
			d.Text = sentence(text)
			break
		}
	}
	for _, key := range []string{"detail", "exception_detail", "details", "errors"} {
		found, _ := doc.Get(key)
		d.add(found)
	}
	if len(d.Problems) > 0 && strings.HasPrefix(d.Text, "Invalid request received") {
		d.Text = "" // Prefect's heading; the problems say it
	}
	return d
}

// add takes in the value of one detail key.
func (d *Detail) add(v value.Value) {
	switch v := v.(type) {
	case string:
		if v = sentence(v); v != "" && d.Text == "" {
			d.Text = v
		} else if v != "" && v != d.Text {
			d.Problems = append(d.Problems, Problem{Message: v})
		}
	case []value.Value:
		for _, item := range v {
			d.addProblem(item)
		}
	case *value.Map:
		d.addProblem(v)
	}
}

func (d *Detail) addProblem(v value.Value) {
	doc, ok := v.(*value.Map)
	if !ok {
		if text, ok := v.(string); ok && text != "" {
			d.Problems = append(d.Problems, Problem{Message: sentence(text)})
		}
		return
	}
	message := ""
	for _, key := range []string{"msg", "message", "detail"} {
		if text, ok := field[string](doc, key); ok && text != "" {
			message = sentence(text)
			break
		}
	}
	if message == "" {
		return
	}
	loc, _ := field[[]value.Value](doc, "loc")
	d.Problems = append(d.Problems, Problem{Path: locPath(loc), Message: message})
}

// locPath writes pydantic's location as a path: ["body", "schedules", 0, "cron"] is schedules[0].cron.
func locPath(loc []value.Value) string {
	var out strings.Builder
	for i, part := range loc {
		switch part := part.(type) {
		case string:
			if i == 0 && part == "body" {
				continue
			}
			if out.Len() > 0 {
				out.WriteByte('.')
			}
			out.WriteString(plain(part))
		case int64:
			fmt.Fprintf(&out, "[%d]", part)
		}
		if out.Len() > maxDetailText {
			break
		}
	}
	return truncate(out.String(), maxDetailText)
}

// sentence is a server's text as part of one of our messages: one line, bounded, no period.
func sentence(text string) string {
	return strings.TrimSuffix(truncate(plain(truncate(text, 4*maxDetailText)), maxDetailText), ".")
}

func pageTitle(page []byte) string {
	lower := bytes.ToLower(page[:min(len(page), 8192)])
	start := bytes.Index(lower, []byte("<title>"))
	if start < 0 {
		return ""
	}
	start += len("<title>")
	end := bytes.Index(lower[start:], []byte("</title>"))
	if end < 0 || start+end > len(page) {
		return ""
	}
	return sentence(string(page[start : start+end]))
}

// field is the value of a key when it has the wanted type.
func field[T any](doc *value.Map, key string) (T, bool) {
	var none T
	if doc == nil {
		return none, false
	}
	v, ok := doc.Get(key)
	if !ok {
		return none, false
	}
	typed, ok := v.(T)
	return typed, ok
}

// text is the text under a key, "" when there is none.
func text(doc *value.Map, key string) string {
	s, _ := field[string](doc, key)
	return s
}

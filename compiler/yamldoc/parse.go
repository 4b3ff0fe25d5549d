package yamldoc

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	yaml4 "go.yaml.in/yaml/v4"
	yaml "gopkg.in/yaml.v3"
)

// parseNodes is yaml.v3's reading of the first document: nil without an error for a file without data.
func parseNodes(text []byte) (root *yaml.Node, err error) {
	defer func() {
		if r := recover(); r != nil {
			root, err = nil, fmt.Errorf("yaml.v3: %v", r)
		}
	}()
	var doc, more yaml.Node
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	switch err := decoder.Decode(&doc); {
	case err == io.EOF:
		return nil, nil
	case err != nil:
		return nil, err
	}
	// Text behind the end of the data shows only when one goes on reading.
	if err := decoder.Decode(&more); err != nil && err != io.EOF {
		return nil, err
	}
	if doc.Kind != yaml.DocumentNode || len(doc.Content) == 0 {
		return nil, nil
	}
	return doc.Content[0], nil
}

// syntaxError is where and why text does not parse.
type syntaxError struct {
	at      int // byte offset
	context int // byte offset where the construct began, or -1
	message string
	while   string // the construct
}

// locate asks yaml v4, which knows columns where v3 does not, for the place of an error that v3 found.
func locate(text []byte, cause error) syntaxError {
	e := syntaxError{at: -1, context: -1, message: cause.Error()}
	err := func() (err error) {
		defer func() {
			if r := recover(); r != nil {
				err = fmt.Errorf("yaml v4: %v", r)
			}
		}()
		decoder := yaml4.NewDecoder(bytes.NewReader(text))
		for range 2 {
			var doc yaml4.Node
			if err := decoder.Decode(&doc); err != nil {
				return err
			}
		}
		return nil
	}()
	var le *yaml4.LoadError
	if !errors.As(err, &le) {
		// v4 takes some text that v3 and PyYAML refuse, such as a dot in an anchor's name: v3 knows the line.
		var line int
		if n, _ := fmt.Sscanf(e.message, "yaml: line %d:", &line); n == 1 {
			e.at = yamlOffset(text, line, 1)
		}
		e.message = strings.TrimPrefix(e.message, "yaml: ")
		return e
	}
	e.message, e.while = le.Message, le.ContextMsg
	e.at = yamlOffset(text, le.Mark.Line, le.Mark.Column)
	if le.ContextMark.Line > 0 {
		e.context = yamlOffset(text, le.ContextMark.Line, le.ContextMark.Column)
	}
	return e
}

// yamlOffset converts a position that counts lines as YAML 1.1 does (NEL, LS and PS break lines too) and columns
// in code points, both from 1.
func yamlOffset(text []byte, line, column int) int {
	at := 0
	for n := 1; n < line && at < len(text); {
		if b := breakLen(text, at); b > 0 {
			at += b
			n++
		} else {
			at++
		}
	}
	if at == 0 && len(text) >= 3 && string(text[:3]) == "\uFEFF" {
		at = 3
	}
	for n := 1; n < column && at < len(text) && breakLen(text, at) == 0; n++ {
		for at++; at < len(text) && text[at]&0xC0 == 0x80; at++ {
		}
	}
	return at
}

// breakLen is the length of the line break at p, 0 when there is none.
func breakLen(text []byte, p int) int {
	switch text[p] {
	case '\n':
		return 1
	case '\r':
		if p+1 < len(text) && text[p+1] == '\n' {
			return 2
		}
		return 1
	case 0xC2:
		if p+1 < len(text) && text[p+1] == 0x85 {
			return 2
		}
	case 0xE2:
		if p+2 < len(text) && text[p+1] == 0x80 && (text[p+2] == 0xA8 || text[p+2] == 0xA9) {
			return 3
		}
	}
	return 0
}

package prefect

import (
	"encoding/json"
	"fmt"
	"math"
	"sort"
	"strconv"
	"strings"
	"time"

	"golang.org/x/net/http/httpguts"
)

// Each of these turns a raw setting into its type, accepting what Prefect's settings accept.

func asText(v any) (string, error) {
	if s, ok := v.(string); ok {
		return s, nil
	}
	return "", fmt.Errorf("must be text, not %s", kind(v))
}

func asBool(v any) (bool, error) {
	switch v := v.(type) {
	case bool:
		return v, nil
	case int64:
		if v == 0 || v == 1 {
			return v == 1, nil
		}
	case string:
		switch strings.ToLower(v) {
		case "1", "on", "t", "true", "y", "yes":
			return true, nil
		case "0", "off", "f", "false", "n", "no":
			return false, nil
		}
	}
	return false, fmt.Errorf("must be true or false, not %s", brief(v))
}

func asNumber(v any) (float64, error) {
	f := math.NaN()
	switch v := v.(type) {
	case int64:
		f = float64(v)
	case float64:
		f = v
	case string:
		if parsed, err := strconv.ParseFloat(strings.TrimSpace(v), 64); err == nil {
			f = parsed
		}
	}
	if math.IsNaN(f) || math.IsInf(f, 0) || f < 0 {
		return 0, fmt.Errorf("must be a number of at least 0, not %s", brief(v))
	}
	return f, nil
}

func asCount(v any) (int, error) {
	f, err := asNumber(v)
	if err != nil || f != math.Trunc(f) || f > math.MaxInt32 {
		return 0, fmt.Errorf("must be a whole number of at least 0, not %s", brief(v))
	}
	return int(f), nil
}

// maxTimeout keeps a timeout within what a Duration can hold.
const maxTimeout = 365 * 24 * time.Hour

func asSeconds(v any) (time.Duration, error) {
	f, err := asNumber(v)
	if err != nil || f == 0 {
		return 0, fmt.Errorf("must be a number of seconds above 0, not %s", brief(v))
	}
	if f > maxTimeout.Seconds() {
		return maxTimeout, nil
	}
	return time.Duration(f * float64(time.Second)), nil
}

// asCodes reads status codes: "429,500", 500 or [429, 500].
func asCodes(v any) ([]int, error) {
	var items []any
	switch v := v.(type) {
	case string:
		if v == "" {
			return nil, nil
		}
		for _, item := range strings.Split(v, ",") {
			items = append(items, strings.TrimSpace(item))
		}
	case []any:
		items = v
	default:
		items = []any{v}
	}
	codes := make([]int, 0, len(items))
	for _, item := range items {
		code, err := asCount(item)
		if err != nil || code < 100 || code > 599 {
			return nil, fmt.Errorf("must be status codes from 100 to 599 separated by commas, not %s", brief(v))
		}
		codes = append(codes, code)
	}
	return codes, nil
}

// asHeaders reads a JSON object of text, or a TOML table.
func asHeaders(v any) (map[string]Secret, error) {
	doc, ok := v.(map[string]any)
	if text, isText := v.(string); isText {
		if strings.TrimSpace(text) == "" {
			return nil, nil
		}
		ok = json.Unmarshal([]byte(text), &doc) == nil && doc != nil
	}
	if !ok {
		return nil, fmt.Errorf(`must be a JSON object of header names and values, such as {"X-Team": "data"}`)
	}
	headers := make(map[string]Secret, len(doc))
	for name, v := range doc {
		text, ok := v.(string)
		if !ok {
			return nil, fmt.Errorf("header %q must be text, not %s", name, kind(v))
		}
		if !httpguts.ValidHeaderFieldName(name) || !httpguts.ValidHeaderFieldValue(text) {
			return nil, fmt.Errorf("header %q has characters that cannot be sent", name)
		}
		headers[name] = Secret(text)
	}
	return headers, nil
}

func kind(v any) string {
	switch v.(type) {
	case nil:
		return "null"
	case string:
		return "text"
	case bool:
		return "a boolean"
	case int64, float64:
		return "a number"
	case map[string]any:
		return "a table"
	case []any:
		return "a list"
	}
	return "a date or time"
}

// brief shows a wrong value; settings shown this way are none of the secret ones.
func brief(v any) string {
	switch v := v.(type) {
	case string:
		return strconv.Quote(truncate(v, 60))
	case bool, int64, float64:
		return fmt.Sprint(v)
	}
	return kind(v)
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return keys
}

package python

import (
	"encoding/base64"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/prefectc/prefectc/compiler/value"
)

// toWire writes a mapping as {"m": [[key, value], …]}, so that keys keep their kinds and their order. Dates and the like
// are not step inputs in Prefect; the caller refuses them first.
func toWire(v value.Value) (value.Value, error) {
	switch v := v.(type) {
	case *value.Map:
		pairs := make([]value.Value, 0, v.Len())
		for _, p := range v.Pairs {
			k, err := toWire(p.Key)
			if err != nil {
				return nil, err
			}
			e, err := toWire(p.Value)
			if err != nil {
				return nil, err
			}
			pairs = append(pairs, []value.Value{k, e})
		}
		return value.NewMap("m", pairs), nil
	case []value.Value:
		list := make([]value.Value, 0, len(v))
		for _, e := range v {
			w, err := toWire(e)
			if err != nil {
				return nil, err
			}
			list = append(list, w)
		}
		return list, nil
	case float64:
		if math.IsInf(v, 0) || math.IsNaN(v) {
			return value.NewMap("f", value.FormatFloat(v)), nil
		}
	case value.Date, value.DateTime, value.Bytes, value.Set:
		return nil, fmt.Errorf("a %s cannot be an input of a Python step", value.TypeName(v))
	}
	return v, nil
}

// fromWire reads what child.py's encode wrote.
func fromWire(v value.Value) (value.Value, error) {
	switch v := v.(type) {
	case []value.Value:
		list := make([]value.Value, 0, len(v))
		for _, e := range v {
			d, err := fromWire(e)
			if err != nil {
				return nil, err
			}
			list = append(list, d)
		}
		return list, nil
	case *value.Map:
		if v.Len() == 0 {
			return nil, fmt.Errorf("unknown value from Python")
		}
		tag, _ := v.Pairs[0].Key.(string)
		return tagged(tag, v.Pairs[0].Value, v)
	}
	return v, nil
}

func tagged(tag string, body value.Value, whole *value.Map) (value.Value, error) {
	text, _ := body.(string)
	switch tag {
	case "m":
		return mapFromWire(body)
	case "s":
		items, err := fromWire(body)
		if err != nil {
			return nil, err
		}
		list, _ := items.([]value.Value)
		return value.Set{Items: list}, nil
	case "f":
		return strconv.ParseFloat(text, 64)
	case "b":
		b, err := base64.StdEncoding.DecodeString(text)
		return value.Bytes(b), err
	case "d":
		t, err := time.Parse("2006-01-02", text)
		return value.Date{Year: t.Year(), Month: int(t.Month()), Day: t.Day()}, err
	case "t":
		return timeFromWire(text, value.Truthy(first(whole.Get("naive"))))
	}
	return nil, fmt.Errorf("unknown kind %q from Python", tag)
}

func first(v value.Value, _ bool) value.Value { return v }

func mapFromWire(body value.Value) (value.Value, error) {
	m := value.NewMap()
	pairs, _ := body.([]value.Value)
	for _, p := range pairs {
		pair, _ := p.([]value.Value)
		if len(pair) != 2 {
			return nil, fmt.Errorf("broken mapping from Python")
		}
		k, err := fromWire(pair[0])
		if err != nil {
			return nil, err
		}
		switch k.(type) {
		case []value.Value, *value.Map, value.Set:
			return nil, fmt.Errorf("broken mapping key from Python")
		}
		v, err := fromWire(pair[1])
		if err != nil {
			return nil, err
		}
		m.Set(k, v)
	}
	return m, nil
}

// timeFromWire reads Python's isoformat; the offset may have seconds.
func timeFromWire(text string, naive bool) (value.Value, error) {
	layouts := []string{"2006-01-02T15:04:05Z07:00", "2006-01-02T15:04:05Z07:00:00"}
	if naive {
		layouts = []string{"2006-01-02T15:04:05"}
	}
	var err error
	for _, layout := range layouts {
		var t time.Time
		if t, err = time.Parse(layout, strings.TrimSpace(text)); err == nil {
			return value.DateTime{Time: t, Naive: naive}, nil
		}
	}
	return nil, fmt.Errorf("reading a timestamp from Python: %w", err)
}

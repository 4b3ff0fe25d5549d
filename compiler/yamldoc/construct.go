package yamldoc

import (
	"encoding/base64"
	"fmt"
	"math"
	"math/big"
	"strconv"
	"strings"

	"github.com/prefectc/prefectc/compiler/value"
)

// construct gives a scalar its kind and value as PyYAML's SafeConstructor does.
func (p *parser) construct(n *Node, tag string, key bool) {
	t := tagStr
	switch {
	case tag != "" && tag != "!":
		p.constructTagged(n, tag, key)
		return
	case n.Style == Plain || tag == "!":
		t = resolve(n.Text)
		n.merge = t == tagMerge
	}
	if t == tagStr {
		n.Kind, n.Scalar = String, n.Text
		return
	}
	p.constructAs(n, t, key)
}

func (p *parser) constructAs(n *Node, t tag, key bool) {
	var err error
	switch t {
	case tagNull:
		n.Kind = Null
	case tagBool:
		n.Kind = Bool
		n.Scalar, err = pyBool(n.Text)
	case tagInt:
		n.Kind = Int
		n.Scalar, err = pyInt(n.Text)
	case tagFloat:
		n.Kind = Float
		n.Scalar, err = pyFloat(n.Text)
	case tagTimestamp:
		n.Kind = DateTime
		if n.Scalar, err = pyTimestamp(n.Text); err == nil {
			if _, date := n.Scalar.(value.Date); date {
				n.Kind = Date
			}
		}
	case tagMerge, tagValue:
		n.Kind, n.Scalar = String, n.Text
		if !key {
			err = fmt.Errorf("YAML gives it a meaning of its own")
		}
	}
	if err != nil {
		n.Kind, n.Scalar = Invalid, nil
		p.doc.fatal(BadScalar, n.Span, "%q cannot be read: %s; quote it if it is text", clip(n.Text), err)
	}
}

func (p *parser) constructTagged(n *Node, tag string, key bool) {
	switch tag {
	case "!!str":
		n.Kind, n.Scalar = String, n.Text
	case "!!null":
		p.constructAs(n, tagNull, key)
	case "!!bool":
		p.constructAs(n, tagBool, key)
	case "!!int":
		p.constructAs(n, tagInt, key)
	case "!!float":
		p.constructAs(n, tagFloat, key)
	case "!!timestamp":
		p.constructAs(n, tagTimestamp, key)
	case "!!merge":
		n.merge = true
		p.constructAs(n, tagMerge, key)
	case "!!value":
		p.constructAs(n, tagValue, key)
	case "!!binary":
		data, err := pyBinary(n.Text)
		if err != nil {
			p.doc.fatal(BadScalar, n.Span, "%q is not base64: %s", clip(n.Text), err)
			return
		}
		n.Kind, n.Scalar = Bytes, value.Bytes(data)
	case "!!map", "!!seq", "!!set", "!!omap", "!!pairs":
		p.doc.fatal(BadScalar, n.Span, "%q is a scalar, but the tag %s wants %s", clip(n.Text), n.Tag, wanted[tag])
	default:
		p.unknownTag(n)
	}
}

// wanted says what the tags of collections want.
var wanted = map[string]string{
	"!!map": "a mapping", "!!set": "a mapping",
	"!!seq": "a list", "!!omap": "a list of mappings with one key", "!!pairs": "a list of mappings with one key",
}

func (p *parser) unknownTag(n *Node) {
	p.doc.fatal(UnknownTag, n.TagAt, "tag %s is unknown to prefect's YAML reader: remove it, or quote the text if it belongs to it", n.Tag)
}

// clip shortens text for a message.
func clip(s string) string {
	if len(s) <= 60 {
		return s
	}
	return strings.ToValidUTF8(s[:57], "") + "..."
}

func pyBool(s string) (value.Value, error) {
	switch strings.ToLower(s) {
	case "yes", "true", "on":
		return true, nil
	case "no", "false", "off":
		return false, nil
	}
	return nil, fmt.Errorf("a bool is one of true, false, yes, no, on, off")
}

// maxDigits is how many decimal digits Python 3.11 converts to an int.
const maxDigits = 4300

func pyInt(s string) (value.Value, error) {
	s = strings.ReplaceAll(s, "_", "")
	if s == "" {
		return nil, fmt.Errorf("an int needs digits")
	}
	negative := s[0] == '-'
	s = unsigned(s)
	switch {
	case s == "":
		return nil, fmt.Errorf("an int needs digits")
	case s == "0":
		return int64(0), nil
	case strings.HasPrefix(s, "0b"):
		return parseInt(s[2:], 2, negative)
	case strings.HasPrefix(s, "0x"):
		return parseInt(s[2:], 16, negative)
	case s[0] == '0':
		return parseInt(s, 8, negative)
	case strings.Contains(s, ":"):
		return base60(s, negative)
	}
	return parseInt(s, 10, negative)
}

// parseInt is Python's int(s, base) for text without underscores.
func parseInt(s string, base int, negative bool) (value.Value, error) {
	if n, err := strconv.ParseInt(s, base, 64); err == nil && s[0] != '+' && s[0] != '-' {
		if negative {
			n = -n
		}
		return n, nil
	}
	t := strings.TrimSpace(s)
	if t != "" && (t[0] == '-' || t[0] == '+') {
		negative = negative != (t[0] == '-')
		t = t[1:]
	}
	if p := map[int]string{2: "0b", 8: "0o", 16: "0x"}[base]; p != "" && len(t) > 2 && strings.EqualFold(t[:2], p) {
		t = t[2:]
	}
	if t == "" || strings.ContainsAny(t, "+-_") {
		return nil, fmt.Errorf("%q is not an int in base %d", s, base)
	}
	if base == 10 && len(t) > maxDigits {
		return nil, fmt.Errorf("an int has at most %d digits", maxDigits)
	}
	n, ok := new(big.Int).SetString(t, base)
	if !ok {
		return nil, fmt.Errorf("%q is not an int in base %d", s, base)
	}
	if negative {
		n.Neg(n)
	}
	return normalInt(n), nil
}

// normalInt is a value for n: *big.Int only beyond 64 bits.
func normalInt(n *big.Int) value.Value {
	if n.IsInt64() {
		return n.Int64()
	}
	return n
}

func base60(s string, negative bool) (value.Value, error) {
	sum := new(big.Int)
	if len(s) > maxDigits {
		return nil, fmt.Errorf("an int has at most %d digits", maxDigits)
	}
	for part := range strings.SplitSeq(s, ":") {
		v, err := parseInt(part, 10, false)
		if err != nil {
			return nil, err
		}
		sum.Mul(sum, big.NewInt(60))
		switch v := v.(type) {
		case int64:
			sum.Add(sum, big.NewInt(v))
		case *big.Int:
			sum.Add(sum, v)
		}
	}
	if negative {
		sum.Neg(sum)
	}
	return normalInt(sum), nil
}

func pyFloat(s string) (value.Value, error) {
	s = strings.ToLower(strings.ReplaceAll(s, "_", ""))
	if s == "" || unsigned(s) == "" {
		return nil, fmt.Errorf("a float needs digits")
	}
	sign := 1.0
	if s[0] == '-' {
		sign = -1
	}
	s = unsigned(s)
	switch {
	case s == ".inf":
		return sign * math.Inf(1), nil
	case s == ".nan":
		return math.NaN(), nil
	case strings.Contains(s, ":"):
		// Summed from the last part, as PyYAML does: the rounding must be the same.
		parts, sum, base := strings.Split(s, ":"), 0.0, 1.0
		for i := len(parts) - 1; i >= 0; i-- {
			f, err := parseFloat(parts[i])
			if err != nil {
				return nil, err
			}
			sum += f * base
			base *= 60
		}
		return sign * sum, nil
	}
	f, err := parseFloat(s)
	return sign * f, err
}

// parseFloat is Python's float(s) for lower-case text without underscores.
func parseFloat(s string) (float64, error) {
	t := strings.TrimSpace(s)
	if strings.HasPrefix(strings.TrimLeft(t, "+-"), "0x") || strings.HasSuffix(t, "p") {
		return 0, fmt.Errorf("%q is not a float", s)
	}
	f, err := strconv.ParseFloat(t, 64)
	if err != nil && !math.IsInf(f, 0) {
		return 0, fmt.Errorf("%q is not a float", s)
	}
	return f, nil
}

func pyTimestamp(s string) (value.Value, error) {
	t, ok := splitTimestamp(s)
	if !ok {
		return nil, fmt.Errorf("a timestamp looks like 2006-01-02 or 2006-01-02T15:04:05Z")
	}
	return t.value()
}

// pyBinary is Python's base64.decodebytes: characters outside the alphabet are left out.
func pyBinary(s string) ([]byte, error) {
	var clean []byte
	pads := 0
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case c >= 0x80:
			return nil, fmt.Errorf("only ASCII is allowed")
		case c == '=':
			if quad := len(clean) % 4; quad >= 2 {
				if pads++; quad+pads >= 4 {
					return base64.RawStdEncoding.DecodeString(string(clean))
				}
			}
			continue
		case c >= 'A' && c <= 'Z', c >= 'a' && c <= 'z', digit(c), c == '+', c == '/':
			pads = 0
			clean = append(clean, c)
		}
	}
	if len(clean)%4 != 0 {
		return nil, fmt.Errorf("the padding is wrong")
	}
	return base64.StdEncoding.DecodeString(string(clean))
}

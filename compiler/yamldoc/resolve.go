package yamldoc

// tag is what a plain scalar resolves to under YAML 1.1 as PyYAML 6 implements it.
type tag uint8

const (
	tagStr tag = iota
	tagNull
	tagBool
	tagInt
	tagFloat
	tagTimestamp
	tagMerge
	tagValue
)

// resolve mirrors the implicit resolvers of PyYAML's SafeLoader: its regular expressions, chosen by the first
// character and tried in its order (float, int, timestamp).
func resolve(s string) tag {
	if s == "" {
		return tagNull
	}
	switch c := s[0]; {
	case c >= '0' && c <= '9':
		switch {
		case isFloat(s):
			return tagFloat
		case isInt(s):
			return tagInt
		case isTimestamp(s):
			return tagTimestamp
		}
	case c == '-' || c == '+':
		switch {
		case isFloat(s):
			return tagFloat
		case isInt(s):
			return tagInt
		}
	case c == '.':
		if isFloat(s) {
			return tagFloat
		}
	case c == '~' && len(s) == 1:
		return tagNull
	case c == '=' && len(s) == 1:
		return tagValue
	case s == "<<":
		return tagMerge
	case len(s) <= 5:
		switch s {
		case "null", "Null", "NULL":
			return tagNull
		case "yes", "Yes", "YES", "no", "No", "NO", "true", "True", "TRUE", "false", "False", "FALSE",
			"on", "On", "ON", "off", "Off", "OFF":
			return tagBool
		}
	}
	return tagStr
}

// run counts the leading bytes of s that are in the class.
func run(s string, class func(byte) bool) int {
	n := 0
	for n < len(s) && class(s[n]) {
		n++
	}
	return n
}

func digit(c byte) bool      { return c >= '0' && c <= '9' }
func digitUnder(c byte) bool { return digit(c) || c == '_' }
func octalUnder(c byte) bool { return c >= '0' && c <= '7' || c == '_' }
func binUnder(c byte) bool   { return c == '0' || c == '1' || c == '_' }
func hexUnder(c byte) bool {
	return digitUnder(c) || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F'
}

// sexagesimal matches one or more ":" with up to 59 behind it, and returns the length.
func sexagesimal(s string) int {
	n := 0
	for n < len(s) && s[n] == ':' {
		d := run(s[n+1:min(len(s), n+3)], digit)
		switch {
		case d == 0:
			return n
		case d == 2 && s[n+1] > '5':
			d = 1
		}
		n += 1 + d
	}
	return n
}

func unsigned(s string) string {
	if s != "" && (s[0] == '-' || s[0] == '+') {
		return s[1:]
	}
	return s
}

func isInt(s string) bool {
	s = unsigned(s)
	switch {
	case s == "":
		return false
	case s == "0":
		return true
	case s[0] == '0':
		rest := s[2:]
		switch {
		case s[1] == 'b':
			return rest != "" && run(rest, binUnder) == len(rest)
		case s[1] == 'x':
			return rest != "" && run(rest, hexUnder) == len(rest)
		}
		return run(s[1:], octalUnder) == len(s)-1
	case !digit(s[0]):
		return false
	}
	n := run(s, digitUnder)
	return n == len(s) || n+sexagesimal(s[n:]) == len(s)
}

// exponent matches an exponent, whose sign is required, or nothing.
func exponent(s string) bool {
	if s == "" {
		return true
	}
	return len(s) > 2 && (s[0] == 'e' || s[0] == 'E') && (s[1] == '-' || s[1] == '+') && run(s[2:], digit) == len(s)-2
}

func isFloat(s string) bool {
	switch s {
	case ".nan", ".NaN", ".NAN":
		return true
	}
	u := unsigned(s)
	switch u {
	case "":
		return false
	case ".inf", ".Inf", ".INF":
		return true
	}
	if u[0] == '.' {
		if len(u) != len(s) || len(u) < 2 || !digit(u[1]) {
			return false
		}
		return exponent(u[1+run(u[1:], digitUnder):])
	}
	if !digit(u[0]) {
		return false
	}
	n := run(u, digitUnder)
	if n < len(u) && u[n] == ':' {
		m := sexagesimal(u[n:])
		if m == 0 || n+m >= len(u) || u[n+m] != '.' {
			return false
		}
		rest := u[n+m+1:]
		return run(rest, digitUnder) == len(rest)
	}
	if n >= len(u) || u[n] != '.' {
		return false
	}
	rest := u[n+1:]
	return exponent(rest[run(rest, digitUnder):])
}

func isTimestamp(s string) bool {
	t, ok := splitTimestamp(s)
	return ok && (t.clock || len(s) == len("2006-01-02"))
}

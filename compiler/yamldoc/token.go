package yamldoc

// tokenKind is what a token says to the parser.
type tokenKind uint8

const (
	streamEnd tokenKind = iota
	directiveToken
	documentStart
	documentEnd
	blockSequenceStart // where the indentation of a new list begins; no text of its own
	blockMappingStart  // likewise
	blockEnd           // where the indentation falls back; no text of its own
	flowSequenceStart
	flowMappingStart
	flowSequenceEnd
	flowMappingEnd
	blockEntry
	flowEntry
	keyToken   // "?", or no text where a key without it starts
	valueToken // ":"
	aliasToken
	anchorToken
	tagToken
	scalarToken
)

// token is one token, with the bytes it is written with.
type token struct {
	kind       tokenKind
	style      Style
	handle     int // tag: length of its handle, "!" or "!!" or "!name!"; 0 for "!<…>" and "!" alone
	start, end int
	text       string // scalar: its text; alias and anchor: the name; tag: what follows the handle
}

// mistake is why text is no YAML.
type mistake uint8

const (
	noMistake      mistake = iota
	badStart               // a character that cannot start any token
	missingColon           // a line at the indentation of keys that is no key
	misplacedValue         // a colon where no key can be
	misplacedKey           // a "?" where no key can be
	misplacedEntry         // a dash where no list can be
	openQuote              // a quote that is never closed
	badName                // * or & without a name behind it
	badTag                 // a tag that is none
	badHeader              // something behind | or >
	openBracket            // [ or { that is not closed, or misses a comma
	missingDash            // something other than an item in a list
	missingKey             // something other than a key in a mapping
	missingContent         // something where a value should start
	misplacedText          // text in front of or behind the data
	strayBracket           // ] or } that closes nothing
	deepNesting            // beyond MaxDepth
	manyNodes              // beyond MaxNodes
)

// syntaxError is where and why text does not parse. It travels as a panic from scanner and parser to read.
type syntaxError struct {
	kind    mistake
	at      int // offset
	context int // where the construct that is broken began, or -1
}

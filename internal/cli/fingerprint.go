package cli

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strconv"

	"github.com/prefectc/prefectc/compiler/diag"
)

// fingerprints give each finding an identity that survives edits elsewhere in the file; findings of the same identity are numbered.
func fingerprints(found []diag.Diagnostic) func(int) string {
	ids := make([]string, len(found))
	seen := map[baselineKey]int{}
	for i := range found {
		k := keyOf(&found[i])
		sum := sha256.Sum256([]byte(fmt.Sprintf("%q %q %q %d", k.file, k.rule, k.path, seen[k])))
		ids[i] = hex.EncodeToString(sum[:16])
		seen[k]++
	}
	return func(i int) string { return ids[i] }
}

// plural is a number with its word; another word for many can be given.
func plural(n int, word string, many ...string) string {
	switch {
	case n == 1:
	case len(many) > 0:
		word = many[0]
	default:
		word += "s"
	}
	return strconv.Itoa(n) + " " + word
}

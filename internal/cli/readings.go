package cli

import (
	"crypto/sha256"
	"encoding/hex"
	"os"
	"sync"
)

// readings remembers which files a plan was made from, and what was in them. It is safe for concurrent use.
type readings struct {
	mu     sync.Mutex
	hashes map[string]string // by absolute name
}

func newReadings() *readings { return &readings{hashes: map[string]string{}} }

func (r *readings) note(name string, text []byte) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.hashes[name] = hashOf(text)
}

// file reads one and remembers it.
func (r *readings) file(name string) ([]byte, error) {
	text, err := os.ReadFile(name)
	if err == nil {
		r.note(name, text)
	}
	return text, err
}

// hash is what was in a file, "" when it was not read.
func (r *readings) hash(name string) string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.hashes[name]
}

func hashOf(text []byte) string {
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

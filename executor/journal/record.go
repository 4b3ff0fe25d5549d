package journal

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"
)

// Event is what a record of a journal says.
type Event string

// Events, in the order in which they come.
const (
	Begun    Event = "begun"    // the apply
	Intended Event = "intended" // a write to the server comes next
	Done     Event = "done"     // the deployment is as the file says
	Failed   Event = "failed"
	Ended    Event = "ended" // the apply; without this it was stopped
)

// Record is one line of a journal.
type Record struct {
	Apply  string    `json:"apply"`
	Time   time.Time `json:"time"`
	Target           // server and file
	SHA256 string    `json:"sha256,omitempty"` // of the file
	Event  Event     `json:"event"`

	Deployment string `json:"deployment,omitempty"` // flow/name
	Config     string `json:"config,omitempty"`     // digest of everything that makes it
	Action     string `json:"action,omitempty"`
	ID         string `json:"id,omitempty"`
	Error      string `json:"error,omitempty"` // kind of failure
	Complete   bool   `json:"complete,omitempty"`

	Same        bool              `json:"same,omitempty"` // the server held all of it already, but for triggers
	Fields      map[string]string `json:"fields,omitempty"`
	Automations []string          `json:"automations,omitempty"` // ids of those its triggers are
}

// Log is a journal as it was read.
type Log struct{ Records []Record }

// Complete reports whether the apply came to its end without a failure. An empty journal is one of no apply.
func (l *Log) Complete() bool {
	if len(l.Records) == 0 {
		return true
	}
	last := l.Records[len(l.Records)-1]
	return last.Event == Ended && last.Complete
}

// Ended reports whether the apply came to its end, be it with failures.
func (l *Log) Ended() bool { return len(l.Records) > 0 && l.Records[len(l.Records)-1].Event == Ended }

// Begun is when the apply began.
func (l *Log) Begun() time.Time {
	if len(l.Records) == 0 {
		return time.Time{}
	}
	return l.Records[0].Time
}

// DoneByConfig are the records of deployments that were finished, by the digest of what made them.
func (l *Log) DoneByConfig() map[string]Record {
	done := map[string]Record{}
	for _, r := range l.Records {
		switch {
		case r.Config == "":
		case r.Event == Done:
			done[r.Config] = r
		default: // begun again since
			delete(done, r.Config)
		}
	}
	return done
}

// maxLog is the size of a journal that is still read; one of ten thousand deployments is far smaller.
const maxLog = 256 << 20

// readLog reads a journal. A last line that was not finished is as good as not written, and what follows a damaged line is not
// trusted.
func readLog(name string) (*Log, error) {
	info, err := os.Stat(name)
	if errors.Is(err, fs.ErrNotExist) {
		return &Log{}, nil
	}
	if err == nil && info.Size() > maxLog {
		err = fmt.Errorf("it is larger than %d MiB", maxLog>>20)
	}
	var text []byte
	if err == nil {
		text, err = os.ReadFile(name)
	}
	if err != nil {
		return nil, fmt.Errorf("reading the journal %s: %w", name, err)
	}
	return parseLog(text), nil
}

func parseLog(text []byte) *Log {
	log := &Log{}
	for {
		line, rest, whole := bytes.Cut(text, []byte("\n"))
		if !whole {
			return log
		}
		var r Record
		if json.Unmarshal(line, &r) != nil {
			return log
		}
		log.Records = append(log.Records, r)
		text = rest
	}
}

package schedule

import (
	"archive/zip"
	"bytes"
	_ "embed"
	"fmt"
	"io"
	"sort"
	"strings"
	"sync"
	"time"
)

//go:generate python3 testdata/zones.py

// zoneArchive is the tzdata package of Prefect's own environment, see testdata/zones.py.
//
//go:embed zoneinfo.zip
var zoneArchive []byte

// zoneIndex is read once from the archive and never changes.
type zoneIndex struct {
	load    map[string]func() (*time.Location, error) // each reads its zone once
	names   []string                                  // sorted
	aliases map[string]string                         // name to the name that holds the data
	old     map[string]bool                           // names that Prefect 2's pendulum lacks
	version string
}

var zones = sync.OnceValue(func() *zoneIndex {
	ix := &zoneIndex{load: map[string]func() (*time.Location, error){}, aliases: map[string]string{}, old: map[string]bool{}}
	r, err := zip.NewReader(bytes.NewReader(zoneArchive), int64(len(zoneArchive)))
	if err != nil {
		panic(fmt.Errorf("embedded zones: %w", err)) // the archive is part of the program
	}
	files := map[string]*zip.File{}
	for _, f := range r.File {
		switch f.Name {
		case "version":
			ix.version = strings.TrimSpace(string(readEntry(f)))
		case "prefect2-missing":
			for _, name := range strings.Fields(string(readEntry(f))) {
				ix.old[name] = true
			}
		case "aliases":
			for line := range strings.Lines(string(readEntry(f))) {
				if name, target, ok := strings.Cut(strings.TrimSpace(line), " "); ok {
					ix.aliases[name] = target
					ix.names = append(ix.names, name)
				}
			}
		default:
			files[f.Name] = f
			ix.names = append(ix.names, f.Name)
		}
	}
	sort.Strings(ix.names)
	for _, name := range ix.names {
		file := files[name]
		if file == nil {
			file = files[ix.aliases[name]]
		}
		ix.load[name] = sync.OnceValues(func() (*time.Location, error) {
			return time.LoadLocationFromTZData(name, readEntry(file))
		})
	}
	return ix
})

func readEntry(f *zip.File) []byte {
	r, err := f.Open()
	if err != nil {
		return nil
	}
	defer func() { _ = r.Close() }()
	data, err := io.ReadAll(r)
	if err != nil {
		return nil
	}
	return data
}

// ZoneVersion is the release of the time zone database inside, like "2026f".
func ZoneVersion() string { return zones().version }

// Zones lists every IANA zone name Prefect accepts, sorted. The slice is the caller's.
func Zones() []string { return append([]string(nil), zones().names...) }

// Zone finds a time zone by its IANA name, letter case included, whatever the host has installed. The empty name, which
// Prefect lets pass, is UTC.
func Zone(name string) (*time.Location, error) {
	if name == "" || name == "UTC" {
		return time.UTC, nil
	}
	load, ok := zones().load[name]
	if !ok {
		return nil, &ZoneError{Name: name, Suggestions: Suggest(name)}
	}
	loc, err := load()
	if err != nil {
		return nil, fmt.Errorf("time zone %q: %w", name, err)
	}
	return loc, nil
}

// ZoneFor is Zone for one kind of schedule in one generation: cron and interval schedules of Prefect 2 do not know the four or five
// zones that were named after 2020. Kind is "cron", "interval" or "rrule".
func ZoneFor(name, kind string, gen int) (*time.Location, error) {
	if gen == 2 && kind != "rrule" && zones().old[name] {
		return nil, &ZoneError{Name: name, Suggestions: predecessors(name), Newer: true}
	}
	if kind == "rrule" && (name == "Factory" || gen == 3 && name == "") {
		return nil, &ZoneError{Name: name} // not in the list of zones that Prefect asks here
	}
	return Zone(name)
}

// predecessors are the names with the same rules that Prefect 2 does know.
func predecessors(name string) []string {
	ix := zones()
	target := name
	if t, ok := ix.aliases[name]; ok {
		target = t
	}
	var out []string
	for _, n := range ix.names {
		if n != name && (n == target || ix.aliases[n] == target) && !ix.old[n] {
			out = append(out, n)
		}
	}
	return out
}

// ZoneError is an unknown time zone name.
type ZoneError struct {
	Name        string
	Suggestions []string // names it may have meant, best first
	Newer       bool     // it exists, but Prefect 2 is too old to know it
}

func (e *ZoneError) Error() string {
	if e.Newer {
		return fmt.Sprintf("time zone %q is newer than the zones of Prefect 2%s", e.Name, orElse(e.Suggestions))
	}
	return fmt.Sprintf("unknown time zone %q, expected an IANA name such as \"America/New_York\"%s", e.Name, orElse(e.Suggestions))
}

func orElse(names []string) string {
	if len(names) == 0 {
		return ""
	}
	return fmt.Sprintf(", did you mean %q", names[0])
}

// offsetNames are spellings of zones that people carry over from other systems.
var offsetNames = map[string]string{
	"pst": "America/Los_Angeles", "pdt": "America/Los_Angeles", "cst": "America/Chicago", "cdt": "America/Chicago",
	"mdt": "America/Denver", "edt": "America/New_York", "bst": "Europe/London", "cest": "Europe/Paris", "ist": "Asia/Kolkata",
	"jst": "Asia/Tokyo", "aest": "Australia/Sydney", "utc+0": "UTC", "z": "UTC", "gmt+1": "Etc/GMT-1",
}

// Suggest finds the zone names nearest to a wrong one, best first, at most three.
func Suggest(name string) []string {
	wrong := foldZone(name)
	if wrong == "" || len(name) > 64 {
		return nil
	}
	if known, ok := offsetNames[wrong]; ok {
		return []string{known}
	}
	type candidate struct {
		name string
		cost int
	}
	var found []candidate
	limit := 1 + len(wrong)/5
	for _, known := range zones().names {
		folded := foldZone(known)
		city := folded[strings.LastIndexByte(folded, '/')+1:]
		cost := limit + 1
		switch {
		case folded == wrong:
			cost = 0
		case city == wrong:
			cost = 1
		default:
			if d := editDistance(folded, wrong, limit); d <= limit {
				cost = 1 + d
			} else if i := strings.LastIndexByte(wrong, '/'); i >= 0 && city == wrong[i+1:] {
				cost = 2
			}
		}
		if cost <= limit+1 && (cost <= limit || cost <= 2) {
			found = append(found, candidate{known, cost})
		}
	}
	sort.SliceStable(found, func(i, j int) bool { return found[i].cost < found[j].cost })
	var out []string
	for _, c := range found[:min(3, len(found))] {
		out = append(out, c.name)
	}
	return out
}

func foldZone(name string) string {
	return strings.NewReplacer(" ", "_", "-", "_").Replace(strings.ToLower(strings.TrimSpace(name)))
}

// editDistance is Levenshtein's, or limit+1 when it is larger.
func editDistance(a, b string, limit int) int {
	if len(a)-len(b) > limit || len(b)-len(a) > limit {
		return limit + 1
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		diagonal, best := row[0], i
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := diagonal
			if a[i-1] != b[j-1] {
				cost++
			}
			diagonal = row[j]
			row[j] = min(cost, row[j]+1, row[j-1]+1)
			best = min(best, row[j])
		}
		if best > limit {
			return limit + 1
		}
	}
	return row[len(b)]
}

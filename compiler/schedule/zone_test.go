package schedule

import (
	"slices"
	"testing"
	"time"
)

func TestEveryZoneLoads(t *testing.T) {
	names := Zones()
	if len(names) < 590 || !slices.IsSorted(names) {
		t.Fatalf("%d zones, sorted: %v", len(names), slices.IsSorted(names))
	}
	for _, name := range names {
		loc, err := Zone(name)
		if err != nil {
			t.Error(err)
		} else if loc.String() != name {
			t.Errorf("%s is called %s", name, loc)
		}
	}
	if ZoneVersion() < "2025" {
		t.Errorf("old zones: %s", ZoneVersion())
	}
}

func TestZoneNamesAreExact(t *testing.T) {
	for _, name := range []string{"america/new_york", "+05:00", "UTC+2", "Mars/Olympus", "PST", " UTC", "America/New York"} {
		if _, err := Zone(name); err == nil {
			t.Errorf("%q passes", name)
		}
	}
	paris, err := Zone("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	if _, offset := time.Date(2025, 7, 1, 0, 0, 0, 0, paris).Zone(); offset != 7200 {
		t.Errorf("Paris in July is %d seconds ahead", offset)
	}
}

func TestSuggest(t *testing.T) {
	for wrong, want := range map[string]string{
		"america/new_york": "America/New_York", "America/New York": "America/New_York", "Europe/Pari": "Europe/Paris", "PST": "America/Los_Angeles",
		"new_york": "America/New_York", "Berlin": "Europe/Berlin", "utc": "UTC", "US/Estern": "US/Eastern", "Asia/Bangalore": "",
	} {
		got := Suggest(wrong)
		if want == "" && len(got) > 0 || want != "" && (len(got) == 0 || got[0] != want) {
			t.Errorf("%q suggests %v, want %q", wrong, got, want)
		}
	}
}

func TestZonesNewerThanPrefect2(t *testing.T) {
	_, err := ZoneFor("Europe/Kyiv", KindCron, 2)
	if err == nil || err.Error() != `time zone "Europe/Kyiv" is newer than the zones of Prefect 2, did you mean "Europe/Kiev"` {
		t.Error(err)
	}
	if _, err := ZoneFor("Europe/Kyiv", KindRRule, 2); err != nil {
		t.Error(err)
	}
	if _, err := ZoneFor("Europe/Kyiv", KindCron, 3); err != nil {
		t.Error(err)
	}
}

package schema

import (
	"encoding/json"
	"fmt"
	"os"
	"testing"
)

// The release is the one that the recorded steps were measured with, and every recipe has a file.
func TestReleasesAndRecipes(t *testing.T) {
	for _, g := range []Generation{Prefect2, Prefect3} {
		text, err := os.ReadFile(fmt.Sprintf("data/steps.prefect%d.json", g))
		if err != nil {
			t.Fatal(err)
		}
		var doc struct {
			Measured map[string]string `json:"measured_versions"`
		}
		if err := json.Unmarshal(text, &doc); err != nil {
			t.Fatal(err)
		}
		if doc.Measured["prefect"] != g.Release() {
			t.Errorf("the steps of Prefect %d were measured with %q, its release is %q", g, doc.Measured["prefect"], g.Release())
		}
	}
	files, err := recipes.ReadDir("data/recipes")
	if err != nil {
		t.Fatal(err)
	}
	all, err := Recipes()
	if err != nil {
		t.Fatal(err)
	}
	if others := 3; len(all) != len(files)-others { // two layouts and the ignore file
		t.Errorf("%d recipes for %d files", len(all), len(files))
	}
}

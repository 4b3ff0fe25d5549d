package schema

import (
	"embed"
	"fmt"
	"strings"
)

//go:embed data/recipes
var recipes embed.FS

// recipeNames are the recipes of "prefect init", from the simplest on. They are the same data in both generations.
var recipeNames = []string{"local", "git", "docker", "docker-git", "s3", "gcs", "azure", "docker-s3", "docker-gcs", "docker-azure"}

// Recipe is a template of a prefect.yaml, as YAML.
type Recipe struct {
	Name string
	Text []byte
}

// Recipes are those of "prefect init".
func Recipes() ([]Recipe, error) {
	out := make([]Recipe, 0, len(recipeNames))
	for _, name := range recipeNames {
		text, err := recipes.ReadFile("data/recipes/" + name + ".yaml")
		if err != nil {
			return nil, err
		}
		out = append(out, Recipe{name, text})
	}
	return out, nil
}

// RecipeLayout is the file that "prefect init" writes around a recipe: lines of the form <key> stand for that key with its value.
func RecipeLayout(g Generation) ([]string, error) {
	text, err := recipes.ReadFile(fmt.Sprintf("data/recipes/layout%d.txt", g))
	return strings.SplitAfter(string(text), "\n"), err
}

// IgnoreFile is the .prefectignore that "prefect init" writes.
func IgnoreFile() ([]byte, error) { return recipes.ReadFile("data/recipes/prefectignore") }

// Release is the version of Prefect that the generation was measured with.
func (g Generation) Release() string {
	if g == Prefect2 {
		return "2.20.26"
	}
	return "3.8.8"
}

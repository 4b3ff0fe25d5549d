package cli

import (
	"context"
	"fmt"
	"strconv"

	"github.com/prefectc/prefectc/compiler/value"
	"github.com/prefectc/prefectc/internal/recipe"
)

// choose lets somebody pick a recipe, by number or name; no answer picks the guess.
func choose(ctx context.Context, d *dialog, all []recipe.Recipe, guess string) (recipe.Recipe, error) {
	width := 0
	for _, r := range all {
		width = max(width, len(r.Name))
	}
	d.say("recipes:\n")
	for i, r := range all {
		d.say("  %2d  %-*s  %s\n", i+1, width, r.Name, r.Description)
	}
	for {
		answer, err := d.ask(ctx, fmt.Sprintf("which recipe? [%s] ", guess))
		if err != nil {
			return recipe.Recipe{}, err
		}
		if answer == "" {
			answer = guess
		}
		if i, err := strconv.Atoi(answer); err == nil && i > 0 && i <= len(all) {
			return all[i-1], nil
		}
		if r, ok := recipe.Named(all, answer); ok {
			return r, nil
		}
		d.say("%q is none of them: a number from 1 to %d, or a name\n", answer, len(all))
	}
}

// fill asks for the fields that are missing.
func fill(ctx context.Context, d *dialog, r recipe.Recipe, missing []recipe.Field, values *value.Map) error {
	d.say("the recipe %q needs:\n", r.Name)
	for _, f := range missing {
		answer := ""
		for answer == "" {
			var err error
			if answer, err = d.ask(ctx, fmt.Sprintf("%s (%s): ", f.Name, f.Description)); err != nil {
				return err
			}
		}
		values.Set(f.Name, answer)
	}
	return nil
}

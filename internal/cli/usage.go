package cli

import (
	"errors"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/prefectc/prefectc/schema"
)

// alsoKnownAs are names of other programs' commands for ours.
var alsoKnownAs = map[string]string{"deploy": "apply", "lint": "check", "validate": "check", "diff": "plan", "up": "apply", "rules": "explain"} //nolint:gochecknoglobals // a constant table

// unknownCommand is the error of a command line whose first word is no command. It is looked for before flags are, which the
// unknown command may well have.
func unknownCommand(root *cobra.Command, args []string) error {
	if len(args) == 0 || strings.HasPrefix(args[0], "-") || strings.HasPrefix(args[0], "__") || args[0] == "help" || args[0] == "completion" {
		return nil
	}
	var names []string
	for _, c := range root.Commands() {
		if c.Name() == args[0] {
			return nil
		}
		names = append(names, c.Name())
	}
	near := alsoKnownAs[args[0]]
	if near == "" {
		near = schema.Nearest(args[0], names)
	}
	if near == "" {
		return usage("unknown command %q; prefectc --help lists the commands", args[0])
	}
	return usage("unknown command %q, did you mean %q; prefectc --help lists the commands", args[0], near)
}

// flagError words the flag library's errors.
func flagError(cmd *cobra.Command, err error) error {
	var unknown *pflag.NotExistError
	var invalid *pflag.InvalidValueError
	var bare *pflag.ValueRequiredError
	help := cmd.CommandPath() + " --help lists the flags"
	switch {
	case errors.As(err, &unknown) && unknown.GetSpecifiedShortnames() != "":
		return usage("unknown flag -%s; %s", unknown.GetSpecifiedName(), help)
	case errors.As(err, &unknown):
		if near := nearestFlag(cmd, unknown.GetSpecifiedName()); near != "" {
			return usage("unknown flag --%s, did you mean --%s; %s", unknown.GetSpecifiedName(), near, help)
		}
		return usage("unknown flag --%s; %s", unknown.GetSpecifiedName(), help)
	case errors.As(err, &bare):
		return usage("--%s needs a value; %s", bare.GetFlag().Name, help)
	case errors.As(err, &invalid):
		return usage("--%s takes %s, not %q; %s", invalid.GetFlag().Name, kindOfFlag(invalid.GetFlag().Value.Type()), invalid.GetValue(), help)
	}
	return usage("%v; %s", err, help)
}

func nearestFlag(cmd *cobra.Command, name string) string {
	var names []string
	cmd.Flags().VisitAll(func(f *pflag.Flag) { names = append(names, f.Name) })
	return schema.Nearest(name, names)
}

// kindOfFlag says what a type of the flag library is to a person.
func kindOfFlag(kind string) string {
	switch {
	case strings.HasPrefix(kind, "int") || strings.HasPrefix(kind, "uint"):
		return "a whole number"
	case kind == "bool":
		return "true or false"
	}
	return "another value"
}

package cli

import (
	"encoding/json"
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"
)

// Version of the program; a release sets it when linking.
var Version = "dev" //nolint:gochecknoglobals // set by the linker

func newVersion(p *Process) *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "version",
		Short: "print the version of prefectc and of the Prefects it knows",
		Args:  cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			info := map[string]string{
				"version": Version, "go": runtime.Version(), "prefect2": "2.20.26", "prefect3": "3.8.8", "revision": revision(),
			}
			if asJSON {
				e := json.NewEncoder(p.Stdout)
				e.SetIndent("", "  ")
				return e.Encode(info)
			}
			_, err := fmt.Fprintf(p.Stdout, "prefectc %s (%s), for Prefect %s and %s\n", info["version"], info["go"], info["prefect2"], info["prefect3"])
			return err
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "as JSON")
	return cmd
}

// revision is the commit the program was built from, "" when it is not known.
func revision() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return ""
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" {
			return s.Value
		}
	}
	return ""
}

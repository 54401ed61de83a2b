package main

import (
	"fmt"
	"runtime/debug"

	"github.com/spf13/cobra"
)

// version is set by the linker in released binaries.
var version = ""

func versionCommand(env environment) *cobra.Command {
	return &cobra.Command{
		Use: "version", Short: "Which version this is", Args: env.noArgs,
		RunE: func(*cobra.Command, []string) error {
			_, err := fmt.Fprintln(env.stdout, "roundtrip "+versionText())
			return err
		},
	}
}

// versionText is the release, else the commit that it was built from.
func versionText() string {
	if version != "" {
		return version
	}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "of unknown origin"
	}
	revision, dirty := "", ""
	for _, s := range info.Settings {
		switch {
		case s.Key == "vcs.revision":
			revision = s.Value
		case s.Key == "vcs.modified" && s.Value == "true":
			dirty = ", changed since"
		}
	}
	if revision == "" {
		return "built without a commit, " + info.GoVersion
	}
	return revision[:min(12, len(revision))] + dirty + ", " + info.GoVersion
}

package main

import (
	"fmt"
	"runtime"
	"slices"
	"strings"
)

// A platform is one that wheels are built for.
type platform struct {
	os, arch string // as Go names them
	tag      string // the wheel's platform tag, https://packaging.python.org/en/latest/specifications/platform-compatibility-tags/
}

// The floors: Go 1.26 needs Linux 3.2, macOS 12 and Windows 10; the programs need no libc, so the oldest tags that pip
// knows for glibc and musl both hold.
var platforms = []platform{
	{"linux", "amd64", "manylinux_2_17_x86_64.manylinux2014_x86_64.musllinux_1_1_x86_64"},
	{"linux", "arm64", "manylinux_2_17_aarch64.manylinux2014_aarch64.musllinux_1_1_aarch64"},
	{"darwin", "amd64", "macosx_12_0_x86_64"},
	{"darwin", "arm64", "macosx_12_0_arm64"},
	{"windows", "amd64", "win_amd64"},
	{"windows", "arm64", "win_arm64"},
}

func (p platform) String() string { return p.os + "/" + p.arch }

// exe is the name of a program's file.
func (p platform) exe(program string) string {
	if p.os == "windows" {
		return program + ".exe"
	}
	return program
}

// choose gives the platforms that a list names: "all", "host", or names such as "linux/arm64" with commas between.
func choose(list string) ([]platform, error) {
	switch list {
	case "all":
		return platforms, nil
	case "host":
		list = runtime.GOOS + "/" + runtime.GOARCH
	}
	var chosen []platform
	for name := range strings.SplitSeq(list, ",") {
		i := slices.IndexFunc(platforms, func(p platform) bool { return p.String() == name })
		if i < 0 {
			return nil, fmt.Errorf("no wheels are built for %q, only for %v", name, platforms)
		}
		chosen = append(chosen, platforms[i])
	}
	return chosen, nil
}

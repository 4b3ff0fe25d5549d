// Package config finds the prefectc.cue of a project and keeps what it says.
//
// It is looked for in the directory of the prefect.yaml and upwards, as far as the root of the repository: the first
// directory that holds a .git. Every face of prefectc finds it here, so that all of them agree.
package config

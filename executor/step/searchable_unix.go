//go:build unix

package step

import "syscall"

// searchable fails when the directory may not be entered.
func searchable(path string) error {
	const execute = 1
	return syscall.Access(path, execute)
}

//go:build !linux

package executor

import "syscall"

// tied: only Linux ties a process to who begins it.
func tied() *syscall.SysProcAttr { return nil }

package executor

import "syscall"

// tied makes a process end when the thread that begins it does. It reaches no
// children's children: those are found by their group.
func tied() *syscall.SysProcAttr { return &syscall.SysProcAttr{Pdeathsig: syscall.SIGTERM} }

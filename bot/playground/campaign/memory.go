package campaign

import (
	"bufio"
	"bytes"
	"fmt"
	"os"
	"strconv"
	"strings"
)

// Memory is what a process has in the machine's memory now, in bytes (VmRSS of
// Linux). Error: the process has ended, or this is not Linux.
func (p *Process) Memory() (int64, error) { return p.memory("VmRSS:") }

// Peak is the most that it had since it began, or since Low (VmHWM); likewise.
func (p *Process) Peak() (int64, error) { return p.memory("VmHWM:") }

// Low lets Peak count from now on; likewise.
func (p *Process) Low() error {
	if err := os.WriteFile(fmt.Sprintf("/proc/%d/clear_refs", p.cmd.Process.Pid), []byte("5"), 0); err != nil {
		return fmt.Errorf("forget what memory serve had: %w", err)
	}
	return nil
}

func (p *Process) memory(which string) (int64, error) {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.cmd.Process.Pid))
	if err != nil {
		return 0, fmt.Errorf("what memory serve has: %w", err)
	}
	for lines := bufio.NewScanner(bytes.NewReader(status)); lines.Scan(); {
		if kib, is := strings.CutPrefix(lines.Text(), which); is {
			n, err := strconv.ParseInt(strings.Fields(kib)[0], 10, 64)
			return n << 10, err
		}
	}
	return 0, fmt.Errorf("what memory serve has: the system does not say")
}

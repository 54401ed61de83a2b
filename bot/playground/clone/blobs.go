package clone

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os/exec"
	"strings"
)

// blobs reads files by id, from a process that stays.
type blobs struct {
	cmd *exec.Cmd
	in  io.WriteCloser
	out *bufio.Reader
}

func (c *Clone) cat(ctx context.Context) (*blobs, error) {
	b := &blobs{cmd: c.command(ctx, "cat-file", "--batch")}
	in, err := b.cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := b.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	b.in, b.out = in, bufio.NewReaderSize(out, 1<<16)
	return b, b.cmd.Start()
}

func (b *blobs) close() error {
	_ = b.in.Close()
	return b.cmd.Wait()
}

// read is the text of a file; that of none is empty.
func (b *blobs) read(id string) (string, error) {
	if strings.Trim(id, "0") == "" {
		return "", nil
	}
	if _, err := io.WriteString(b.in, id+"\n"); err != nil {
		return "", fmt.Errorf("ask for %s: %w", id, err)
	}
	head, err := b.out.ReadString('\n')
	if err != nil {
		return "", fmt.Errorf("read %s: %w", id, err)
	}
	var name, kind string
	var size int
	if n, _ := fmt.Sscan(head, &name, &kind, &size); n != 3 {
		return "", fmt.Errorf("read %s: git says %q", id, strings.TrimSpace(head))
	}
	text := make([]byte, size+1) // and a newline
	if _, err := io.ReadFull(b.out, text); err != nil {
		return "", fmt.Errorf("read %s: %w", id, err)
	}
	return string(text[:size]), nil
}

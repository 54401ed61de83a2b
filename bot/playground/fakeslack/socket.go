package fakeslack

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/gorilla/websocket"
)

// socket is a connection of Socket Mode that the bot opened. While one is
// open, commands and presses go over it and not over HTTP, as Slack does.
type socket struct {
	server  *Server
	number  int // from 1
	conn    *websocket.Conn
	writing sync.Mutex
	mu      sync.Mutex
	count   int
	waiting map[string]chan json.RawMessage // by envelope
	closed  chan struct{}
}

// openConnection answers apps.connections.open with a ticket for one socket.
// It wants the app's token where other methods want the bot's.
func (s *Server) openConnection(authorization string) fields {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.opts.AppToken == "" || authorization != "Bearer "+s.opts.AppToken {
		return refusal(errInvalidAuth)
	}
	s.lastID++
	ticket := fmt.Sprintf("ticket-%d", s.lastID)
	s.tickets[ticket] = true
	return fields{"ok": true, "url": "ws" + strings.TrimPrefix(s.opts.URL, "http") + "/socket/" + ticket}
}

func (s *Server) serveSocket(w http.ResponseWriter, r *http.Request, ticket string) {
	s.mu.Lock()
	ok := s.tickets[ticket]
	delete(s.tickets, ticket)
	s.mu.Unlock()
	if !ok {
		http.Error(w, "no such ticket", http.StatusForbidden)
		return
	}
	up := websocket.Upgrader{CheckOrigin: func(*http.Request) bool { return true }}
	conn, err := up.Upgrade(w, r, nil)
	if err != nil {
		return // it has been answered
	}
	c := &socket{server: s, conn: conn, waiting: map[string]chan json.RawMessage{}, closed: make(chan struct{})}
	s.mu.Lock()
	s.opened++
	c.number = s.opened
	s.mu.Unlock()
	s.frame(c, false, "opened", "", nil)
	_ = c.write(fields{"type": "hello", "num_connections": 1, "connection_info": fields{"app_id": AppID}, "debug_info": fields{"host": "applink-1"}})
	s.mu.Lock()
	s.sockets = append(s.sockets, c)
	s.mu.Unlock()
	go c.ping()
	c.read()
	s.frame(c, false, "closed", "", nil)
	s.drop(c)
}

func (s *Server) drop(c *socket) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, o := range s.sockets {
		if o == c {
			s.sockets = append(s.sockets[:i:i], s.sockets[i+1:]...)
			return
		}
	}
}

// socket is the newest open one; nil when there is none.
func (s *Server) socket() *socket {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.sockets) == 0 {
		return nil
	}
	return s.sockets[len(s.sockets)-1]
}

// Sockets counts the open connections of Socket Mode.
func (s *Server) Sockets() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.sockets)
}

// DropSockets ends all connections without a word, as networks do.
func (s *Server) DropSockets() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, c := range s.sockets {
		_ = c.conn.Close() // it is to be gone
	}
	s.sockets = nil
}

// ping shows the bot that somebody is there, as Slack does.
func (c *socket) ping() {
	for tick := time.NewTicker(5 * time.Second); ; {
		select {
		case <-c.closed:
			tick.Stop()
			return
		case now := <-tick.C:
			_ = c.conn.WriteControl(websocket.PingMessage, []byte("ping"), now.Add(time.Second)) // read notices when it is gone
		}
	}
}

// read takes acknowledgements until the connection ends.
func (c *socket) read() {
	defer close(c.closed)
	for {
		var ack struct {
			Envelope string          `json:"envelope_id"`
			Payload  json.RawMessage `json:"payload"`
		}
		_, text, err := c.conn.ReadMessage()
		if err != nil || json.Unmarshal(text, &ack) != nil {
			return
		}
		c.server.frame(c, false, "acknowledged", ack.Envelope, text)
		c.mu.Lock()
		if answer, ok := c.waiting[ack.Envelope]; ok {
			delete(c.waiting, ack.Envelope)
			answer <- ack.Payload
		}
		c.mu.Unlock()
	}
}

func (c *socket) write(v fields) error {
	c.writing.Lock()
	defer c.writing.Unlock()
	what, _ := v["type"].(string)
	id, _ := v["envelope_id"].(string) // a hello has none
	body := rawOf(v)
	c.server.frame(c, true, what, id, body)
	return c.conn.WriteMessage(websocket.TextMessage, body)
}

// send sends a command or a press and waits for the acknowledgement.
func (c *socket) send(ctx context.Context, form url.Values) (Response, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, AnswerWithin, ErrTimeout)
	defer cancel()
	c.mu.Lock()
	c.count++
	id, answer := fmt.Sprintf("envelope-%d", c.count), make(chan json.RawMessage, 1)
	c.waiting[id] = answer
	c.mu.Unlock()
	envelope := fields{"envelope_id": id, "type": "slash_commands", "accepts_response_payload": true}
	if p := form.Get("payload"); p != "" {
		envelope["type"], envelope["payload"] = "interactive", json.RawMessage(p)
	} else {
		flat := fields{}
		for k := range form {
			flat[k] = form.Get(k)
		}
		envelope["payload"] = flat
	}
	if err := c.write(envelope); err != nil {
		return Response{}, fmt.Errorf("send over the socket: %w", err)
	}
	select {
	case payload := <-answer:
		return Response{Status: http.StatusOK, ContentType: "application/json", Body: string(payload)}, nil
	case <-c.closed:
		return Response{}, errors.New("the socket ended before the answer")
	case <-ctx.Done():
		return Response{}, context.Cause(ctx)
	}
}

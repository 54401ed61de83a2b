package fakegithub

// Recent is the newest webhooks, at most n of them, oldest first. Their
// bodies are left out: who only looks on has no use for them.
func (s *Server) Recent(n int) []DeliveryView {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []DeliveryView
	for _, d := range s.hooks[max(0, len(s.hooks)-n):] {
		out = append(out, DeliveryView{
			ID: d.guid, Event: d.event, Action: d.action, Repo: d.name, State: d.state,
			Status: d.status, Error: d.err, Tries: d.tries, Queued: d.queued, Sent: d.sent,
		})
	}
	return out
}

package fakeslack

import "encoding/json"

// wire is a message as Slack's API writes it.
func (c *channel) wire(m *Message, metadata bool) fields {
	f := fields{"type": "message", "user": m.User, "ts": m.TS, "text": m.Text, "team": TeamID}
	if m.BotID != "" {
		f["bot_id"], f["app_id"] = m.BotID, AppID
	}
	if m.hasBlocks() {
		f["blocks"] = m.Blocks
	}
	if metadata && m.Metadata != nil {
		f["metadata"] = m.Metadata
	}
	if m.Edited > 0 {
		f["edited"] = fields{"user": BotUserID, "ts": m.editedTS}
	}
	if len(m.Reactions) > 0 {
		f["reactions"] = wireReactions(m.Reactions)
	}
	c.wireThread(f, m)
	return f
}

func (c *channel) wireThread(f fields, m *Message) {
	if m.IsReply() {
		f["thread_ts"] = m.ThreadTS
		if parent := c.find(m.ThreadTS); parent != nil {
			f["parent_user_id"] = parent.User
		}
		return
	}
	all := c.thread(m.TS)
	if n := len(all) - 1; n > 0 {
		f["thread_ts"], f["reply_count"], f["latest_reply"] = m.TS, n, all[n].TS
	}
}

func wireReactions(list []Reaction) []fields {
	var out []fields
	for _, r := range list {
		out = append(out, fields{"name": r.Name, "users": r.Users, "count": len(r.Users)})
	}
	return out
}

func (c *channel) wireChannel() fields {
	return fields{
		"id": c.ID, "name": c.Name, "name_normalized": c.Name, "created": c.Created, "creator": BotUserID,
		"is_channel": true, "is_group": false, "is_im": false, "is_mpim": false, "is_private": false,
		"is_archived": c.Archived, "is_general": false, "is_member": c.BotIn, "is_shared": false,
		"is_ext_shared": false, "is_org_shared": false, "unlinked": 0, "num_members": 1,
		"topic":   fields{"value": "", "creator": "", "last_set": 0},
		"purpose": fields{"value": "", "creator": "", "last_set": 0},
	}
}

func (p Person) wire() fields {
	return fields{
		"id": p.ID, "team_id": TeamID, "name": p.Name, "real_name": p.Name, "deleted": false,
		"is_bot": false, "is_app_user": false, "tz": "Etc/UTC", "tz_label": "UTC", "tz_offset": 0,
		"profile": fields{"real_name": p.Name, "display_name": p.Name, "email": p.Email, "team": TeamID},
	}
}

// wireWhisper is a message that one person sees, as it stands in a payload.
func wireWhisper(m Message) fields {
	f := fields{"type": "message", "ts": m.TS, "text": m.Text, "bot_id": BotID, "user": m.User, "is_ephemeral": true}
	if m.hasBlocks() {
		f["blocks"] = m.Blocks
	}
	return f
}

// rawOf is what v looks like in JSON; v is ours and marshals.
func rawOf(v any) json.RawMessage {
	b, err := json.Marshal(v)
	if err != nil {
		return json.RawMessage("null")
	}
	return b
}

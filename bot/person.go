package bot

// Role is what a collaborator may do in a repository, weakest first. Custom
// roles count as the base role they extend.
type Role int

// Roles, as GitHub ranks them.
const (
	RoleNone Role = iota
	RoleRead
	RoleTriage
	RoleWrite
	RoleMaintain
	RoleAdmin
)

var roleNames = []string{"none", "read", "triage", "write", "maintain", "admin"}

func (r Role) String() string {
	if r < RoleNone || r > RoleAdmin {
		return "none"
	}
	return roleNames[r]
}

// ParseRole understands GitHub's role names; anything else is RoleNone, so
// that what we do not know grants nothing.
func ParseRole(s string) Role {
	for i, name := range roleNames {
		if s == name {
			return Role(i)
		}
	}
	return RoleNone
}

// Person is somebody who asks for something. Login is empty for a Slack
// member whose GitHub account we do not know: such a person may only read.
type Person struct {
	Login Login  `json:"login,omitempty"`
	Slack string `json:"slack,omitempty"` // member id, "U0ALICE001"
	Bot   bool   `json:"bot,omitempty"`
}

// Name is how we speak of the person.
func (p Person) Name() string {
	switch {
	case p.Login != "":
		return "@" + string(p.Login)
	case p.Slack != "":
		return p.Slack
	}
	return "somebody"
}

package fakegithub

import (
	"errors"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v4"
)

// tokenLife is how long an installation's token holds.
const tokenLife = time.Hour

// token is an installation's.
type token struct {
	inst        *installation
	repos       []int64 // nil: all of the installation
	permissions map[string]string
	expires     time.Time
	uses        int // in all
}

// admit says who asks and whether they may; nil when they may.
func (s *Server) admit(c *call, needs string) *answer {
	secret := c.Header.Get("Authorization")
	for _, scheme := range []string{"Bearer ", "bearer ", "token "} {
		secret = strings.TrimPrefix(secret, scheme)
	}
	refused := refuse(http.StatusUnauthorized, "Bad credentials")
	switch {
	case secret == "":
		refused = refuse(http.StatusUnauthorized, "Requires authentication")
		return &refused
	case needs == "jwt":
		if why := s.verify(secret); why != "" {
			refused = refuse(http.StatusUnauthorized, why)
			return &refused
		}
	default:
		c.token = s.tokens[secret]
		if c.token == nil || !s.opts.Auth().Before(c.token.expires) || s.worn > 0 && c.token.uses >= s.worn {
			c.token = nil
			return &refused
		}
		c.token.uses++
	}
	return s.mayUse(c, needs)
}

// mayUse finds the repository and looks whether the token reaches it. What it
// does not reach does not exist.
func (s *Server) mayUse(c *call, needs string) *answer {
	hidden := notFound()
	if owner := c.PathValue("owner"); owner != "" {
		name := owner + "/" + c.PathValue("repo")
		if c.repo = s.findRepo(name); c.repo == nil || c.repo.inst == nil {
			if to := s.renamed[strings.ToLower(name)]; to != nil {
				hidden = s.elsewhere(c, name, to)
			}
			return &hidden
		}
	}
	if c.token == nil {
		return nil
	}
	if c.token.inst.suspended {
		refused := refuse(http.StatusForbidden, "This installation has been suspended")
		return &refused
	}
	if c.repo != nil && !c.token.reaches(c.repo) {
		return &hidden
	}
	if needs != "any" && !c.token.allows(c, needs) {
		refused := refuse(http.StatusForbidden, "Resource not accessible by integration")
		return &refused
	}
	return nil
}

func (t *token) reaches(r *repo) bool {
	return r.inst == t.inst && (t.repos == nil || slices.Contains(t.repos, r.id))
}

// allows reports whether the token has a permission. What is done to a change
// under /issues may be done with either permission.
func (t *token) allows(c *call, needs string) bool {
	name, level, _ := strings.Cut(needs, ":")
	has := func(name string) bool { return t.permissions[name] == "write" || t.permissions[name] == level }
	return has(name) || name == "metadata" || name == "issues" && has("pull_requests")
}

// Grant changes what the app is given: "read", "write" or, to take it away, "".
// Tokens that were given out hold no more than that from now on.
func (s *Server) Grant(permission, level string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.opts.Permissions = maps.Clone(s.opts.Permissions)
	limit := func(given map[string]string) {
		if level == "" {
			delete(given, permission)
		} else if given[permission] == "write" {
			given[permission] = level
		}
	}
	limit(s.opts.Permissions)
	if level != "" {
		s.opts.Permissions[permission] = level
	}
	for _, t := range s.tokens {
		limit(t.permissions)
	}
}

// verify checks the app's JWT: who issued it, and that it holds now and for no
// more than ten minutes. It says in GitHub's words why not; "" when it is good.
func (s *Server) verify(secret string) (why string) {
	parser := jwt.NewParser(jwt.WithoutClaimsValidation())
	claims := jwt.MapClaims{}
	var err error
	if s.opts.PublicKey == nil {
		_, _, err = parser.ParseUnverified(secret, claims)
	} else {
		_, err = parser.ParseWithClaims(secret, claims, func(t *jwt.Token) (any, error) {
			if t.Method != jwt.SigningMethodRS256 {
				return nil, errors.New("not RS256")
			}
			return s.opts.PublicKey, nil
		})
	}
	if err != nil {
		return "A JSON web token could not be decoded"
	}
	now, exp, issued := s.opts.Auth().Unix(), seconds(claims["exp"]), seconds(claims["iat"])
	switch {
	case claims["iss"] != strconv.FormatInt(s.bot.id, 10) && seconds(claims["iss"]) != s.bot.id:
		return "'Issuer' claim ('iss') must be an Integer"
	case exp <= now:
		return "'Expiration time' claim ('exp') must be a numeric value representing the future time at which the assertion expires"
	case exp > now+600:
		return "'Expiration time' claim ('exp') is too far in the future"
	case issued > now:
		return "'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued"
	}
	return ""
}

func seconds(claim any) int64 {
	f, _ := claim.(float64)
	return int64(f)
}

package app

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/heddlehq/heddle/collect"
	"github.com/heddlehq/heddle/intake"
)

const hostKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl"

// filesConfig is a configuration with one place.
func filesConfig(place string) string {
	return "environment: test\ntenant: acme\nsources:\n  - pack: csv\n    instance: main\n    files:\n      - " + place + "\n"
}

func TestFilesDefaults(t *testing.T) {
	c, problems := Parse([]byte(filesConfig(`{folder: in}
      - {folder: out, sftp: {address: "h:22", user: u, password: {file: pw}, host_keys: ["`+hostKey+`"]}, every: 5m, then: keep, receipts: none}`)), "/etc/heddle")
	if problems != nil {
		t.Fatal(problems)
	}
	local, remote := c.Sources[0].Files[0], c.Sources[0].Files[1]
	if want := (FilesConfig{Folder: "/etc/heddle/in", Every: folderEvery, Settle: folderSettle, Then: collect.Move, Receipts: "receipts"}); local != want {
		t.Errorf("got %+v, want %+v", local, want)
	}
	if remote.Folder != "out" || remote.Every != 5*time.Minute || remote.Settle != sftpSettle || remote.Then != collect.Keep || remote.SFTP.Password.File != "/etc/heddle/pw" {
		t.Errorf("got %+v with %+v", remote, remote.SFTP)
	}
}

func TestFilesProblems(t *testing.T) {
	server := func(fields string) string {
		return `{folder: in, settle: 30s, sftp: {address: "h:22", user: u, host_keys: ["` + hostKey + `"]` + fields + `}`
	}
	for _, c := range []struct{ name, place, want string }{
		{"no folder", `{match: "*"}`, "sources[0].files[0].folder: is missing"},
		{"a bad pattern", `{folder: in, match: "["}`, "sources[0].files[0].match: is no pattern such as *.xml or orders-[0-9]*.csv"},
		{"a bad time", `{folder: in, every: soon}`, "sources[0].files[0].every: has to be a time such as 30s, 5m or 1h"},
		{"a bad end", `{folder: in, then: burn}`, "sources[0].files[0].then: has to be one of move, keep"},
		{"receipts elsewhere", `{folder: in, receipts: ../out}`, "sources[0].files[0].receipts: has to be the name of a folder, or none"},
		{"replies elsewhere", `{folder: in, replies: /out}`, "sources[0].files[0].replies: is the name of a folder in the folder; only on a server can it be elsewhere"},
		{"the same files twice", "{folder: in}\n      - {folder: in}", "sources[0].files[1].folder: the same files as sources[0].files[0]"},
		{"nothing proves the user", server("}"), "sources[0].files[0].sftp.password: is missing; a password or a private_key proves the user"},
		{"too little settling", `{folder: in, settle: 1s, sftp: {address: "h:22", user: u, password: {env: P}, host_keys: ["` + hostKey + `"]}}`,
			"sources[0].files[0].settle: is at least 2s: an SFTP server tells times in whole seconds"},
		{"no host key", `{folder: in, sftp: {address: "h:22", user: u, password: {env: P}}}`, "sources[0].files[0].sftp.host_keys: is missing"},
		{"a bad host key", `{folder: in, sftp: {address: "h:22", user: u, password: {env: P}, host_keys: ["ssh-ed25519 AAAA"]}}`,
			"sources[0].files[0].sftp.host_keys[0]: it is no public key such as ssh-ed25519 AAAA…"},
		{"no port", `{folder: in, sftp: {address: h, user: u, password: {env: P}, host_keys: ["` + hostKey + `"]}}`,
			"sources[0].files[0].sftp.address: has to be an address such as sftp.example.com:22"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, problems := Parse([]byte(filesConfig(c.place)), "")
			if len(problems) != 1 || !strings.HasSuffix(problems[0].String(), c.want) {
				t.Errorf("got %v, want %s", problems, c.want)
			}
		})
	}
}

func TestFilesSecretsAreChecked(t *testing.T) {
	c, problems := Parse([]byte(filesConfig(`{folder: in, sftp: {address: "h:22", user: u, password: {env: SFTP_PASSWORD}, host_keys: ["`+hostKey+`"]}}`)), "")
	if problems != nil {
		t.Fatal(problems)
	}
	problems = c.CheckSecrets(func(string) (string, bool) { return "", false })
	if len(problems) != 1 || problems[0].Path != "sources[0].files[0].sftp.password" {
		t.Errorf("got %v, want that the password is not set", problems)
	}
}

// TestDropFolder starts a whole installation beside a folder: what is laid down there is stock,
// and the receipt lies beside it. After a restart nothing is taken again.
func TestDropFolder(t *testing.T) {
	dir := t.TempDir()
	in := filepath.Join(dir, "in")
	if err := os.Mkdir(in, 0o700); err != nil {
		t.Fatal(err)
	}
	c, problems := Parse([]byte(`environment: test
tenant: acme
listen: 127.0.0.1:0
sources:
  - pack: csv
    instance: main
    options: {currency: USD}
    files: [{folder: in, match: "*.csv", every: 1s, settle: 1s, then: keep}]
reference:
  locations:
    - {key: S1, entity: LE1, zone: Europe/Berlin, kind: STORE}
  items:
    - {key: MUG, department: D1, class: MERCH}
`), dir)
	if problems != nil {
		t.Fatal(problems)
	}
	ctx := context.Background()
	for run, name := range []string{"opening-2026-06-01.csv", "opening-2026-06-02.csv"} {
		text := "item,location,qty,value\nMUG,S1,20,6" + strconv.Itoa(run) + ".00\nMUG,S1,two,1.00\n"
		if err := os.WriteFile(filepath.Join(in, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		h, err := OpenHouse(ctx, c, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if f := awaitReceipt(t, filepath.Join(in, "receipts", name+".receipt.json")).File; f.State != intake.FileTaken || f.Accepted != 1 || f.Refused != 1 {
			t.Errorf("%s: got %+v", name, f)
		}
		tail, err := h.Owner.Tail(ctx)
		if err != nil {
			t.Fatal(err)
		}
		taken, err := h.Store.Desk().Files().Find(ctx, intake.FileQuery{Limit: 10})
		if err != nil {
			t.Fatal(err)
		}
		if err := h.Close(); err != nil {
			t.Fatal(err)
		}
		if want := int64(3 + run + 1); tail.Next != want { // two rows of reference data and the loads
			t.Errorf("%s: the journal ends before position %d, want %d", name, tail.Next, want)
		}
		if len(taken) != run+1 || taken[run].Counts.Accepted != 1 {
			t.Errorf("%s: %d files were taken, the first with %+v", name, len(taken), taken[run].Counts)
		}
	}
}

// awaitReceipt returns a receipt when it has been written.
func awaitReceipt(t *testing.T, path string) (receipt collect.Receipt) {
	t.Helper()
	for deadline := time.After(time.Minute); ; {
		text, err := os.ReadFile(path)
		if err == nil {
			err = json.Unmarshal(text, &receipt)
		}
		if err == nil {
			return receipt
		}
		if !errors.Is(err, fs.ErrNotExist) {
			t.Fatal(err)
		}
		select {
		case <-deadline:
			t.Fatal("no receipt was written")
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// TestFilesPage keeps the example of docs/files.md true.
func TestFilesPage(t *testing.T) {
	page, err := os.ReadFile("../docs/files.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(page), "```yaml\n")
	example, _, _ := strings.Cut(rest, "```")
	c, problems := Parse([]byte(example), "")
	if problems != nil || len(c.Sources) != 2 || len(c.Sources[1].Files) != 1 {
		t.Fatalf("the example is not a configuration with two places: %v", problems)
	}
	if f := c.Sources[1].Files[0]; f.Then != collect.Keep || f.Every != 5*time.Minute || f.SFTP == nil {
		t.Errorf("got %+v", f)
	}
}

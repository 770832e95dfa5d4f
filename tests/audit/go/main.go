// Verifies an export (format tiles) with golang.org/x/mod/sumdb: note for signatures, tlog for the tree. Everything is
// recomputed from the entry bundles: tlog.TileHashReader of x/mod 0.7 accepts bundles that do not fit their tiles.
//
//	go run main.go DIR VKEY
package main

import (
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

func number(n int64) string {
	path := fmt.Sprintf("%03d", n%1000)
	for n >= 1000 {
		n /= 1000
		path = fmt.Sprintf("x%03d/%s", n%1000, path)
	}
	return path
}

func tile(dir, kind string, n, width int64) ([]byte, error) {
	name := filepath.Join(dir, "tile", kind, number(n))
	if width < 256 {
		name += fmt.Sprintf(".p/%d", width)
	}
	return os.ReadFile(name)
}

// The stored hashes, as tlog wants them, grown record by record.
type hashes []tlog.Hash

func (h hashes) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	var out []tlog.Hash
	for _, i := range indexes {
		if i >= int64(len(h)) {
			return nil, errors.New("no such hash")
		}
		out = append(out, h[i])
	}
	return out, nil
}

func grow(dir string, size int64) (hashes, error) {
	var all hashes
	for n := int64(0); n*256 < size; n++ {
		width := size - n*256
		if width > 256 {
			width = 256
		}
		data, err := tile(dir, "entries", n, width)
		if err != nil {
			return nil, err
		}
		for i := int64(0); i < width; i++ {
			if len(data) < 2 || len(data) < 2+int(binary.BigEndian.Uint16(data)) {
				return nil, errors.New("a bundle is cut off")
			}
			length := int(binary.BigEndian.Uint16(data))
			more, err := tlog.StoredHashes(n*256+i, data[2:2+length], all)
			if err != nil {
				return nil, err
			}
			all = append(all, more...)
			data = data[2+length:]
		}
		if len(data) != 0 {
			return nil, errors.New("a bundle is too long")
		}
	}
	return all, nil
}

func checkTiles(dir string, size int64, all hashes) error {
	for level, span := 0, int64(1); span <= size; level, span = level+1, span*256 {
		count := size / span
		for n := int64(0); n*256 < count; n++ {
			width := count - n*256
			if width > 256 {
				width = 256
			}
			want, err := tlog.ReadTileData(tlog.Tile{H: 8, L: level, N: n, W: int(width)}, all)
			if err != nil {
				return err
			}
			got, err := tile(dir, fmt.Sprint(level), n, width)
			if err != nil {
				return err
			}
			if string(got) != string(want) {
				return fmt.Errorf("tile %d/%d is not of these entries", level, n)
			}
		}
	}
	return nil
}

func checkLog(dir, vkey string) error {
	verifier, err := note.NewVerifier(vkey)
	if err != nil {
		return err
	}
	bytes, err := os.ReadFile(filepath.Join(dir, "checkpoint"))
	if err != nil {
		return err
	}
	opened, err := note.Open(bytes, note.VerifierList(verifier))
	if err != nil {
		return err
	}
	lines := strings.Split(opened.Text, "\n")
	var size int64
	if _, err := fmt.Sscan(lines[1], &size); err != nil {
		return err
	}
	want, err := tlog.ParseHash(lines[2])
	if err != nil {
		return err
	}
	all, err := grow(dir, size)
	if err != nil {
		return err
	}
	got, err := tlog.TreeHash(size, all)
	if err != nil {
		return err
	}
	if got != want {
		return errors.New("the entries have another root than the one signed")
	}
	if err := checkTiles(dir, size, all); err != nil {
		return err
	}
	fmt.Printf("%s: %d entries, root %v\n", lines[0], size, got)
	return nil
}

// The same key under a run's origin: its hash depends on the name.
func keyFor(vkey, origin string) string {
	parts := strings.SplitN(vkey, "+", 3)
	public, err := base64.StdEncoding.DecodeString(parts[2])
	if err != nil {
		panic(err)
	}
	key, err := note.NewEd25519VerifierKey(origin, public[1:])
	if err != nil {
		panic(err)
	}
	return key
}

func main() {
	dir, vkey := os.Args[1], os.Args[2]
	name := strings.SplitN(vkey, "+", 2)[0]
	logs := []string{"workspace"}
	runs, _ := os.ReadDir(filepath.Join(dir, "run"))
	for _, run := range runs {
		logs = append(logs, "run/"+run.Name())
	}
	for _, log := range logs {
		origin := name
		if log != "workspace" {
			origin += "/" + log
		}
		if err := checkLog(filepath.Join(dir, log), keyFor(vkey, origin)); err != nil {
			fmt.Printf("NOT PROVEN: %s: %v\n", log, err)
			os.Exit(1)
		}
	}
}

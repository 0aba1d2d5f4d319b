package survey

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"time"

	"go.etcd.io/bbolt"
	bbolterrors "go.etcd.io/bbolt/errors"

	"github.com/presize/presize/functions/pipeline"
	"github.com/presize/presize/functions/pipeline/store"
)

// Index remembers in a file what variants' metadata said, by key, ETag, size and time. S3 cannot change an object's metadata
// without a new time, so that what was looked at once need not be again: the first survey of a bucket sends a HEAD for every
// variant ($0.0004 per 1,000), later ones for those only that have been written since. It takes 200 to 400 bytes per variant.
//
// S3's times are whole seconds. What was written in the last moments before it was looked at is not remembered, since it
// could be written again in the same second.
type Index struct {
	db      *bbolt.DB
	settled time.Duration

	mu      sync.Mutex
	waiting []entry // to be written, many at a time
}

type entry struct{ key, value []byte }

const (
	settled     = 2 * time.Second // at least, between a variant's time and its HEAD, for the HEAD to be remembered
	entriesEach = 2000            // entries written at a time
	lockTimeout = time.Second
)

var (
	aboutBucket = []byte("about")
	marksBucket = []byte("marks")
	placeKey    = []byte("place")
)

// OpenIndex opens the file of an index, or makes it. place names the bucket and its server, for which alone it is good.
func OpenIndex(path, place string) (*Index, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return nil, fmt.Errorf("make the folder of the index: %w", err)
	}
	db, err := open(path)
	if err != nil {
		return nil, err
	}
	err = db.Update(func(tx *bbolt.Tx) error {
		about, err := tx.CreateBucketIfNotExists(aboutBucket)
		if err != nil {
			return err
		}
		if _, err := tx.CreateBucketIfNotExists(marksBucket); err != nil {
			return err
		}
		switch was := string(about.Get(placeKey)); was {
		case "":
			return about.Put(placeKey, []byte(place))
		case place:
			return nil
		default:
			return fmt.Errorf("index %s is of %s, not of %s: name another file with --index, or none", path, was, place)
		}
	})
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return &Index{db: db, settled: settled}, nil
}

// open turns bbolt's errors, and its panics on broken pages, into what to do.
func open(path string) (db *bbolt.DB, err error) {
	defer func() {
		if broken := recover(); broken != nil {
			err = fmt.Errorf("index %s is broken (%v): delete it, or name another file with --index", path, broken)
		}
	}()
	db, err = bbolt.Open(path, 0o644, &bbolt.Options{Timeout: lockTimeout, NoFreelistSync: true, FreelistType: bbolt.FreelistMapType})
	switch {
	case err == nil:
		return db, nil
	case errors.Is(err, bbolterrors.ErrTimeout):
		return nil, fmt.Errorf("index %s is in use by another plan, run or doctor: wait for it, or name another file with --index, or none", path)
	case errors.Is(err, fs.ErrPermission):
		return nil, fmt.Errorf("index %s: %w: name another file with --index, or none", path, err)
	default:
		return nil, fmt.Errorf("index %s is broken (%w): delete it, or name another file with --index", path, err)
	}
}

// mark is what is remembered of a variant as it is listed.
func (i *Index) mark(v store.Info) (mark pipeline.Mark, known bool, err error) {
	err = i.db.View(func(tx *bbolt.Tx) error {
		mark, known = decode(tx.Bucket(marksBucket).Get([]byte(v.Key)), v)
		return nil
	})
	return mark, known, err
}

// remember notes what a HEAD at a time said of a variant as it was listed.
func (i *Index) remember(v store.Info, mark pipeline.Mark, asked time.Time) error {
	if asked.Sub(v.LastModified) < i.settled {
		return nil
	}
	i.mu.Lock()
	i.waiting = append(i.waiting, entry{[]byte(v.Key), encode(v, mark)})
	full := len(i.waiting) >= entriesEach
	i.mu.Unlock()
	if full {
		return i.flush()
	}
	return nil
}

// flush writes what waits.
func (i *Index) flush() error {
	i.mu.Lock()
	defer i.mu.Unlock()
	if len(i.waiting) == 0 {
		return nil
	}
	err := i.db.Update(func(tx *bbolt.Tx) error {
		marks := tx.Bucket(marksBucket)
		for _, e := range i.waiting {
			if err := marks.Put(e.key, e.value); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("writing the index: %w", err)
	}
	i.waiting = i.waiting[:0]
	return nil
}

// Close writes what waits and closes the file.
func (i *Index) Close() error { return errors.Join(i.flush(), i.db.Close()) }

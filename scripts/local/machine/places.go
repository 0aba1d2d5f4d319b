package machine

import (
	"context"
	"fmt"
	"path"
	"strings"
	"sync"

	"github.com/presize/presize/functions/pipeline/preset"
	"github.com/presize/presize/functions/pipeline/store"
)

// places knows which original each variant's key belongs to, as far as keys tell. With {name} in the key template,
// cat.jpg and cat.png in one folder would have one thumbnail/cat.webp between them; where people choose files by the
// handful and care little for their names, the second gets a folder of its own.
type places struct {
	config *preset.Config
	mu     sync.Mutex
	taken  map[string]string // variant key -> original key
}

// newPlaces reads the originals that are there.
func newPlaces(ctx context.Context, config *preset.Config, objects store.Objects) (*places, error) {
	p := &places{config: config, taken: map[string]string{}}
	for info, err := range objects.List(ctx, config.Originals, "") {
		if err != nil {
			return nil, fmt.Errorf("reading the originals: %w", err)
		}
		p.claim(info.Key)
	}
	return p, nil
}

// variants are the likeliest keys of an original's variants.
func (p *places) variants(original string) []string {
	var keys []string
	for _, one := range p.config.PresetsFor(original) {
		if predicted := p.config.PredictKeys(one, original); len(predicted) > 0 {
			keys = append(keys, predicted[0])
		}
	}
	return keys
}

// claim gives an original's variants to it, where nobody has them.
func (p *places) claim(original string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.claimLocked(original)
}

func (p *places) claimLocked(original string) {
	for _, key := range p.variants(original) {
		if p.taken[key] == "" {
			p.taken[key] = original
		}
	}
}

// release forgets an original that is gone.
func (p *places) release(original string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, key := range p.variants(original) {
		if p.taken[key] == original {
			delete(p.taken, key)
		}
	}
}

// choose gives the name below the originals prefix under which an original can be stored without sharing a variant's
// key with another, and claims it: the name itself, or the same below a folder that is called after its extension,
// with a number when that does not tell it apart either.
func (p *places) choose(name string) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	chosen := name
	dir, file := path.Split(name)
	folder := strings.ToLower(strings.TrimPrefix(path.Ext(file), "."))
	for n := 2; p.shared(p.config.Originals + chosen); n++ {
		chosen = dir + folder + "/" + file
		if folder == "" || n > 2 {
			chosen = fmt.Sprintf("%s%s%d/%s", dir, folder, n, file)
		}
	}
	p.claimLocked(p.config.Originals + chosen)
	return chosen
}

func (p *places) shared(original string) bool {
	for _, key := range p.variants(original) {
		if owner := p.taken[key]; owner != "" && owner != original {
			return true
		}
	}
	return false
}

package survey_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/presize/presize/functions/pipeline/imaging"
	"github.com/presize/presize/functions/pipeline/preset"
	"github.com/presize/presize/functions/pipeline/store"
	"github.com/presize/presize/scripts/backfill/survey"
)

// planting is a bucket whose every object was put there on purpose.
type planting struct {
	config *preset.Config
	bucket *store.Memory
	info   map[string]store.Info // by key, as listed and with metadata
}

func plant(config *preset.Config) *planting {
	return &planting{config, store.NewMemory(), map[string]store.Info{}}
}

func (p *planting) put(key, body string, metadata map[string]string) store.Info {
	ctx := context.Background()
	etag, err := p.bucket.Put(ctx, key, store.Object{Body: []byte(body), Metadata: metadata})
	if err != nil {
		panic(err)
	}
	p.info[key] = store.Info{Key: key, Size: int64(len(body)), ETag: etag, Metadata: metadata}
	return p.info[key]
}

func (p *planting) original(key string) store.Info { return p.put(key, "original "+key, nil) }

// mark is a variant's metadata.
func mark(original, etag, presetName, fingerprint string) map[string]string {
	return map[string]string{
		"presize-original": original, "presize-original-etag": etag, "presize-preset": presetName,
		"presize-fingerprint": fingerprint, "presize-width": "1", "presize-height": "2",
	}
}

// variant puts an original's variant by a preset to key.
func (p *planting) variant(key string, original store.Info, by preset.Preset) {
	p.put(key, "variant", mark(original.Key, original.ETag, by.Name, by.Fingerprint(imaging.Renderer)))
}

func (p *planting) presetNamed(name string) (preset.Preset, bool) {
	i := slices.IndexFunc(p.config.Presets, func(q preset.Preset) bool { return q.Name == name })
	if i < 0 {
		return preset.Preset{Name: name}, false
	}
	return p.config.Presets[i], true
}

// config reads presets.yaml.
func config(t interface{ Fatal(args ...any) }, text string) *preset.Config {
	c, err := preset.Load("presets.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// expected is what a survey of everything must find, worked out from the whole bucket at once. Lines say what was found of
// every variant and extra, so that walks that group otherwise compare alike.
func (p *planting) expected() (lines []string) {
	claimed := map[string]bool{}
	for key, o := range p.info {
		for _, by := range p.config.PresetsFor(key) {
			lines = append(lines, p.expectedVariant(o, by, claimed))
		}
	}
	for key, v := range p.info {
		if !strings.HasPrefix(key, p.config.Resized) || claimed[key] ||
			slices.ContainsFunc(p.config.Reserved(), func(r string) bool { return strings.HasPrefix(key, r) }) {
			continue
		}
		name, _, _, _, ok := p.config.ParseVariantKey(key)
		owner := v.Metadata["presize-original"]
		if !ok {
			name = v.Metadata["presize-preset"]
		}
		by, known := p.presetNamed(name)
		_, lives := p.info[owner]
		kind := survey.Superseded
		switch {
		case owner == "":
			kind, name = survey.Foreign, ""
		case !lives:
			kind = survey.Orphan
		case !known || !p.config.Applies(by, owner):
			kind = survey.Dropped
		}
		lines = append(lines, line(survey.Extra{Kind: kind, Key: key, Preset: name, Original: owner}))
	}
	slices.Sort(lines)
	return lines
}

func (p *planting) expectedVariant(o store.Info, by preset.Preset, claimed map[string]bool) string {
	keys := p.config.PredictKeys(by, o.Key)
	fingerprint := by.Fingerprint(imaging.Renderer)
	stale := ""
	for _, key := range keys {
		m := p.info[key].Metadata
		if m["presize-original"] != o.Key {
			continue
		}
		if m["presize-original-etag"] == o.ETag && m["presize-fingerprint"] == fingerprint {
			claimed[key] = true
			return variantLine(o.Key, by.Name, survey.UpToDate, "", key)
		}
		if stale == "" {
			stale = key
		}
	}
	if stale != "" {
		claimed[stale] = true
		m := p.info[stale].Metadata
		why := survey.BothChanged
		if m["presize-original-etag"] == o.ETag {
			why = survey.PresetChanged
		} else if m["presize-fingerprint"] == fingerprint {
			why = survey.OriginalChanged
		}
		return variantLine(o.Key, by.Name, survey.Stale, why, stale)
	}
	if len(keys) > 0 {
		if there, ok := p.info[keys[0]]; ok {
			owner := there.Metadata["presize-original"]
			if _, lives := p.info[owner]; lives || owner == "" {
				return variantLine(o.Key, by.Name, survey.Taken, "", keys[0])
			}
		}
	}
	return variantLine(o.Key, by.Name, survey.Missing, "", "")
}

func variantLine(original, preset string, state survey.State, why survey.Why, key string) string {
	return fmt.Sprintf("%q %s: %s %s %q", original, preset, state, why, key)
}

func line(e survey.Extra) string {
	return fmt.Sprintf("extra %q: %s of %q by %q", e.Key, e.Kind, e.Original, e.Preset)
}

// found walks and gives the findings as expected does, and the originals in the order in which they came.
func found(t testing.TB, s *survey.Survey) (lines, order []string, cost survey.Cost) {
	t.Helper()
	lines, order, cost, err := walked(s)
	if err != nil {
		t.Fatal(err)
	}
	return lines, order, cost
}

func walked(s *survey.Survey) (lines, order []string, cost survey.Cost, err error) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	cost, err = s.Walk(ctx, func(f survey.Finding) error {
		for _, o := range f.Originals {
			order = append(order, o.Key)
			for _, v := range o.Variants {
				lines = append(lines, variantLine(o.Key, v.Preset, v.State, v.Why, v.Key))
			}
		}
		for _, e := range f.Extras {
			lines = append(lines, line(e))
		}
		return nil
	})
	slices.Sort(lines)
	return lines, order, cost, err
}

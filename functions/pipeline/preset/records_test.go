package preset_test

import (
	"errors"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/presize/presize/functions/pipeline/preset"
)

func TestRecordKeys(t *testing.T) {
	c := layout(defaultTemplate, "small")
	for original, want := range map[string]string{
		"originals/users/42/cat.jpg": "users/42/cat.jpg.json",
		"originals/cat":              "cat.json",
		"originals/cat.jpg.json":     "cat.jpg.json.json",
		"originals//a b+é.HEIC":      "/a b+é.HEIC.json",
		"originals/.json":            ".json.json",
	} {
		manifest, err := c.ManifestKey(original)
		if err != nil || manifest != "resized/manifest/"+want {
			t.Errorf("%q: %q, %v", original, manifest, err)
		}
		failure, err := c.FailureKey(original)
		if err != nil || failure != "resized/failed/"+want {
			t.Errorf("%q: %q, %v", original, failure, err)
		}
	}
	for _, key := range []string{"originals/", "originals/a/", "resized/small/a.jpg", "elsewhere/a.jpg", ""} {
		if _, err := c.ManifestKey(key); !errors.Is(err, preset.ErrNotOriginal) {
			t.Errorf("%q: %v", key, err)
		}
	}
}

// TestRecordKeysStandInReservedFolders: no variant can have one.
func TestRecordKeysStandInReservedFolders(t *testing.T) {
	for _, record := range []preset.Record{preset.ManifestRecord, preset.FailedRecord} {
		if _, err := preset.Load("p.yaml", []byte("presets: {"+string(record)+": {width: 1}}")); err == nil {
			t.Errorf("a preset may be called %s", record)
		}
	}
}

func TestOriginalOfRecord(t *testing.T) {
	c := layout(defaultTemplate, "small")
	for _, key := range []string{
		"resized/manifest/.json", "resized/manifest/a/.json", "resized/manifest/a.jpg", "resized/failed/", "resized/manifest",
		"resized/small/a.json", "originals/manifest/a.json", "manifest/a.json", "", "resized/failed/" + strings.Repeat("a", 1024) + ".json",
	} {
		if original, record, ok := c.OriginalOfRecord(key); ok {
			t.Errorf("%q is the %s record of %q", key, record, original)
		}
	}
	c.Originals = strings.Repeat("o/", 250)
	if original, _, ok := c.OriginalOfRecord("resized/failed/" + strings.Repeat("a", 600) + ".json"); ok {
		t.Errorf("an original of %d bytes", len(original))
	}
}

func TestRecordKeysHaveALimit(t *testing.T) {
	c := layout(defaultTemplate, "small")
	longest := strings.Repeat("n", preset.MaxKeyBytes-len("resized/manifest/.json"))
	key, err := c.ManifestKey("originals/" + longest)
	if err != nil || len(key) != preset.MaxKeyBytes {
		t.Errorf("%d bytes, %v", len(key), err)
	}
	if original, _, ok := c.OriginalOfRecord(key); !ok || original != "originals/"+longest {
		t.Error("the longest key does not come back")
	}
	_, err = c.ManifestKey("originals/" + longest + "n")
	if !errors.Is(err, preset.ErrKeyTooLong) || errors.Is(err, preset.ErrNotOriginal) || !strings.Contains(err.Error(), "1025 bytes") {
		t.Error(err)
	}
}

// TestRecordKeysComeBack: a record tells its original, whatever it is called.
func TestRecordKeysComeBack(t *testing.T) {
	c := layout(defaultTemplate, "small")
	rapid.Check(t, func(t *rapid.T) {
		original := "originals/" + rapid.StringOf(rapid.RuneFrom([]rune("ab./ +é%\n"))).Draw(t, "key")
		for want, keyOf := range map[preset.Record]func(string) (string, error){preset.ManifestRecord: c.ManifestKey, preset.FailedRecord: c.FailureKey} {
			key, err := keyOf(original)
			if err != nil {
				if _, reason := c.Classify(original); reason == "" {
					t.Fatal(err)
				}
				continue
			}
			if back, record, ok := c.OriginalOfRecord(key); !ok || back != original || record != want {
				t.Fatalf("%q of %q came back as %q, %s, %v", key, original, back, record, ok)
			}
		}
	})
}

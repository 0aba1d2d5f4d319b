package cdn

import "time"

// Limit bounds the memory of copies, and Clock tells the front what time it is, in tests.
func (f *Front) Limit(bytes int)            { f.cache = newCache(bytes) }
func (f *Front) Clock(now func() time.Time) { f.now = now }

// Lifetime is how long an object with this Cache-Control is kept.
func Lifetime(cacheControl string) time.Duration { return lifetime(cacheControl) }

package price

// Line is one line of a bill.
type Line struct {
	What    string  `json:"what"`
	Count   float64 `json:"count"`
	Unit    string  `json:"unit"` // of Count
	Rate    string  `json:"rate"` // its name
	Dollars float64 `json:"dollars"`
}

// Estimate is a bill: the lines that are not zero.
type Estimate struct {
	Lines   []Line  `json:"lines"`
	Dollars float64 `json:"dollars"` // of all lines
}

// The units that rates are in.
const (
	thousand  = 1e3
	million   = 1e6
	gigabyte  = 1e9
	mbInGB    = 1024
	msASecond = 1000
)

// Estimate says what a usage costs.
func (r Rates) Estimate(u Usage) Estimate {
	gigabyteSeconds := u.LambdaMs / msASecond * r.Of(LambdaMemory) / mbInGB
	e := Estimate{Lines: []Line{}}
	for _, l := range []struct {
		what  string
		count float64
		unit  string
		rate  string
		per   float64
	}{
		{"listing", float64(u.Lists), "LISTs", S3List, thousand},
		{"looking", float64(u.Heads), "HEADs", S3Get, thousand},
		{"reading originals", float64(u.Gets), "GETs", S3Get, thousand},
		{"writing variants", float64(u.Puts), "PUTs", S3Put, thousand},
		{"invoking the function", float64(u.Invokes), "requests", LambdaRequest, million},
		{"the function's time", gigabyteSeconds, "GB-seconds", LambdaGBs, 1},
		{"S3 Batch Operations", float64(u.BatchJobs), "jobs", BatchJob, 1},
		{"S3 Batch Operations' objects", float64(u.BatchTasks), "objects", BatchTask, million},
		{"transfer", float64(u.BytesOut) / gigabyte, "GB", TransferOut, 1},
	} {
		if l.count == 0 {
			continue
		}
		dollars := l.count / l.per * r.Of(l.rate)
		e.Lines = append(e.Lines, Line{l.what, l.count, l.unit, l.rate, dollars})
		e.Dollars += dollars
	}
	return e
}

// Way is how a run renders.
type Way string

// The ways.
const (
	Here   Way = "here"
	Lambda Way = "lambda"
	Batch  Way = "batch"
)

// Work is what a run has to do.
type Work struct {
	Originals  int64   // to read
	Bytes      int64   // of them
	Megapixels float64 // of them
	Missing    int64   // variants to write where nothing stands
	Stale      int64   // variants to write over their older selves
	UpToDate   int64   // variants to render again and to find the same, which --only all asks for
	Looks      int64   // HEADs that the function sends first when nobody tells it what is missing, as S3 Batch Operations cannot
}

// Variants is how many are rendered.
func (w Work) Variants() int64 { return w.Missing + w.Stale + w.UpToDate }

// Usage is what a run by a way uses.
//
// A missing variant is one PUT. A stale one is a PUT that S3 refuses, since something stands there, a HEAD of that, one of the
// original, and the PUT over it. One that is up to date ends with the first HEAD. After the last variant each original is
// looked at again, and before the first when only some presets are asked for; its manifest is read and written, with one
// more look. Whoever has invoked the function asynchronously looks for each variant.
func (w Work) Usage(way Way, r Rates) Usage {
	u := Usage{
		Gets: 2 * w.Originals, Puts: w.Originals + w.Missing + 2*w.Stale + w.UpToDate, Heads: 3*w.Originals + 2*w.Stale + w.UpToDate,
	}
	switch way {
	case Here:
		u.BytesOut = w.Bytes
		return u
	case Lambda:
		u.Heads += w.Variants()
	case Batch:
		u.Heads += w.Looks
		if w.Originals > 0 {
			u.BatchJobs, u.BatchTasks = 1, w.Originals
			u.Puts++ // the manifest
		}
	}
	u.Invokes = w.Originals
	u.LambdaMs = float64(w.Originals)*(r.Of(MsPerOriginal)+r.Of(MsWaiting)) + w.Megapixels*r.Of(MsPerMegapixel)
	return u
}

// CoreSeconds is how long the rendering takes on one core.
func (w Work) CoreSeconds(r Rates) float64 {
	return (float64(w.Originals)*r.Of(MsPerOriginal) + w.Megapixels*r.Of(MsPerMegapixel)) / msASecond
}

package price

// Usage counts what is paid for.
type Usage struct {
	Lists      int64   // ListObjectsV2 requests
	Heads      int64   // HEAD requests
	Gets       int64   // GET requests
	Puts       int64   // PUT requests
	Deletes    int64   // DELETE requests, which are free
	Invokes    int64   // Lambda requests
	LambdaMs   float64 // billed milliseconds of the function
	BatchJobs  int64   // S3 Batch Operations jobs
	BatchTasks int64   // objects that a job works on
	BytesOut   int64   // that leave the region
}

// Plus is the sum of two usages.
func (u Usage) Plus(v Usage) Usage {
	u.Lists += v.Lists
	u.Heads += v.Heads
	u.Gets += v.Gets
	u.Puts += v.Puts
	u.Deletes += v.Deletes
	u.Invokes += v.Invokes
	u.LambdaMs += v.LambdaMs
	u.BatchJobs += v.BatchJobs
	u.BatchTasks += v.BatchTasks
	u.BytesOut += v.BytesOut
	return u
}

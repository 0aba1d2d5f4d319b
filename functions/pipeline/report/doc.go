// Package report is the account of an original: one log line and one set of metrics.
//
// Metrics are lines of CloudWatch's Embedded Metric Format: CloudWatch makes metrics of what a function writes to its
// output, without a call and without a permission. Every original adds to
//
//	Originals, Variants                      Count: originals seen, variants written
//	BytesIn, BytesOut                        Bytes: of the original, of the variants written
//	FetchMs, ProbeMs, MasterMs, RenderMs,    Milliseconds: of the stages it came to; RenderMs and UploadMs are sums
//	UploadMs, VerifyMs, TotalMs              over the variants, which overlap; a variant that is rendered while the
//	                                         original is decoded takes its time in MasterMs
//	Failures, Retries                        Count: originals that failed for good, or are to be tried again
//
// once without dimensions and once by Function; Failures and Retries also by Reason. Counts are there when they are 0,
// so that an alarm has data; times of stages that were not come to are not, so that averages are of those that were.
package report

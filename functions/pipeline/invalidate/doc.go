// Package invalidate takes variants out of CloudFront's caches after they were overwritten or deleted: one request per
// invocation, with as few paths as are paid for.
//
// What it does not reach is browsers' caches: the v of a manifest's URLs does. And it does not reach variants whose
// cached copies go by their query string, which Presize's own distribution does not key on, unless Queries says so.
package invalidate

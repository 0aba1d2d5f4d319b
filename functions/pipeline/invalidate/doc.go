// Package invalidate takes variants out of CloudFront's caches after they were overwritten or deleted: one request per
// invocation, with as few paths as are paid for.
//
// What it does not reach is browsers' caches: the v of a manifest's URLs does. Cached copies that go by a query string, as
// the versions of manifests' URLs do with Presize's own distribution, are reached by a wildcard alone.
package invalidate

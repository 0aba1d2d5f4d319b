// Package invalidate takes variants out of CloudFront's caches after they were overwritten or deleted: one request per
// invocation, with as few paths as are paid for.
//
// What it does not reach is browsers' caches: the v of a manifest's URLs does. And it does not reach variants whose
// cached copies that go by a query string are reached by a wildcard alone: with Presize's own distribution, the versions ?v= of manifests' URLs.
package invalidate

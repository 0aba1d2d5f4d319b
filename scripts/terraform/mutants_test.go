package main

import (
	"regexp"
	"strings"
	"testing"
)

// Each mutant is a mistake that costs money or leaks data; the run that it names must fail of it.
var mutants = map[string]struct{ file, from, to, caughtBy string }{
	"originals of the whole bucket":      {"iam.tf", `["${local.bucket_arn}/${local.originals}*"]`, `["${local.bucket_arn}/*"]`, "policies/role_of_the_direct_trigger"},
	"variants of the whole bucket":       {"iam.tf", `["${local.variant_bucket_arn}/${local.resized}*"]`, `["${local.variant_bucket_arn}/*"]`, "policies/role_of_the_direct_trigger"},
	"s3:*":                               {"iam.tf", `["s3:GetObject", "s3:PutObject", "s3:DeleteObject"]`, `["s3:*"]`, "policies/role_of_the_direct_trigger"},
	"listing without a prefix":           {"iam.tf", `values   = ["${local.originals}*"]`, `values   = ["*"]`, "policies/role_of_the_direct_trigger"},
	"every log group":                    {"iam.tf", `["${local.log_group_arn}:*"]`, `["*"]`, "policies/role_of_the_direct_trigger"},
	"a role for any account's function":  {"iam.tf", `variable = "aws:SourceAccount"`, `variable = "aws:CalledVia"`, "policies/role_of_the_direct_trigger"},
	"the key past S3":                    {"iam.tf", `variable = "kms:ViaService"`, `variable = "kms:CallerAccount"`, "policies/separate_bucket_other_prefixes_kms_tracing_boundary"},
	"invoked by anyone's bucket":         {"lambda.tf", "  source_account = local.account\n", "", "policies/role_of_the_direct_trigger"},
	"a queue for every bucket":           {"queue.tf", `values   = [local.bucket_arn]`, `values   = ["*"]`, "policies/role_and_queue_of_the_queue_trigger"},
	"dead letters of every queue":        {"queue.tf", `length(local.redriven) > 0 ? "byQueue"`, `length(local.redriven) > 0 ? "allowAll"`, "policies/role_and_queue_of_the_queue_trigger"},
	"no TLS":                             {"s3.tf", `effect    = "Deny"`, `effect    = "Allow"`, "policies/role_of_the_direct_trigger"},
	"a filter with an empty prefix":      {"s3.tf", "events              = [\"s3:ObjectCreated:*\"]\n      filter_prefix       = local.originals", "events              = [\"s3:ObjectCreated:*\"]\n      filter_prefix       = \"\"", "triggers/direct"},
	"a queue's filter without a prefix":  {"s3.tf", "events        = [\"s3:ObjectCreated:*\"]\n      filter_prefix = local.originals", "events        = [\"s3:ObjectCreated:*\"]", "triggers/queue"},
	"a rule with an empty prefix":        {"eventbridge.tf", "detail-type = [\"Object Created\"]\n    detail = {\n      bucket = { name = [var.bucket] }\n      object = { key = [{ prefix = local.originals }] }", "detail-type = [\"Object Created\"]\n    detail = {\n      bucket = { name = [var.bucket] }\n      object = { key = [{ prefix = \"\" }] }", "triggers/eventbridge_on_an_own_bucket"},
	"a live bucket's notifications lost": {"s3.tf", "precondition {\n      condition     = var.create_bucket || var.owns_bucket_notifications", "precondition {\n      condition     = var.bucket != \"\"", "refusals/direct_on_an_existing_bucket"},
	"the notifications written anyway":   {"s3.tf", `!local.eventbridge || var.create_bucket`, `true || var.create_bucket`, "triggers/eventbridge_on_an_existing_bucket"},
	"a foreign policy overwritten":       {"s3.tf", `var.owns_bucket_policy ? local.all_buckets : local.own_buckets`, `local.all_buckets`, "policies/dead_letters_of_the_eventbridge_trigger"},
	"prefixes that overlap":              {"presets.tf", `!startswith(local.originals, local.resized) && !startswith(local.resized, local.originals)`, `local.originals != ""`, "refusals/presets_overlap"},
	"a batch that fails as a whole":      {"lambda.tf", `["ReportBatchItemFailures"]`, `[]`, "triggers/queue"},
	"messages that come back too early":  {"queue.tf", `6 * var.timeout`, `var.timeout`, "triggers/queue"},
	"originals through the CDN":          {"cloudfront.tf", `["${local.variant_bucket_arn}/${local.resized}*"]`, `["${local.variant_bucket_arn}/*"]`, "cdn/oai_reads_variants_only"},
	"every distribution reads":           {"cloudfront.tf", `values   = [local.distribution_arn]`, `values   = ["*"]`, "cdn/oac_reads_variants_only"},
	"plain HTTP":                         {"cloudfront.tf", `"https-only"`, `"allow-all"`, "cdn/https_http3_compressed_cached_by_path_and_version"},
	"scripts in images":                  {"cloudfront.tf", `; sandbox"`, `"`, "cdn/headers"},
	"a 404 that sticks":                  {"cloudfront.tf", `error_caching_min_ttl = var.cdn.error_ttl`, `error_caching_min_ttl = 86400`, "cdn/https_http3_compressed_cached_by_path_and_version"},
	"a job that invokes everything":      {"backfill.tf", "resources = [local.function_arn]\n  }\n\n  statement {\n    sid       = \"ReadManifests\"", "resources = [\"*\"]\n  }\n\n  statement {\n    sid       = \"ReadManifests\"", "backfill/role_of_the_job"},
	"a job that reads everything":        {"backfill.tf", `resources = local.backfill_lists`, `resources = ["*"]`, "backfill/role_of_the_job"},
	"a job that writes everywhere":       {"backfill.tf", "actions   = [\"s3:PutObject\"]\n    resources = [\"arn:${local.partition}:s3:::${local.backfill_reports}*\"]", "actions   = [\"s3:PutObject\"]\n    resources = [\"*\"]", "backfill/role_of_the_job"},
	"a job's role for any account":       {"backfill.tf", `variable = "aws:SourceAccount"`, `variable = "aws:CalledVia"`, "backfill/role_of_the_job"},
	"a job's role that is always there":  {"backfill.tf", `count = var.backfill.enabled ? 1 : 0`, `count = 1`, "backfill/off_unless_asked_for"},
	"any role for a job":                 {"backfill.tf", `resources = [local.backfill_role_arn]`, `resources = ["*"]`, "backfill/policies_of_who_runs_it"},
	"the role for any service":           {"backfill.tf", `variable = "iam:PassedToService"`, `variable = "iam:AssociatedResourceArn"`, "backfill/policies_of_who_runs_it"},
	"a plan that writes":                 {"backfill.tf", "sid       = \"ReadVariants\"\n    actions   = [\"s3:GetObject\"]", "sid       = \"ReadVariants\"\n    actions   = [\"s3:*\"]", "backfill/policies_of_who_runs_it"},
	"reports among the originals":        {"backfill.tf", `!startswith(place, watched) && !startswith(watched, place)`, `place != watched`, "refusals/backfill_reports_among_the_originals"},
	"removals of the whole bucket":       {"s3.tf", "events        = [\"s3:ObjectRemoved:*\", \"s3:LifecycleExpiration:*\"]\n      filter_prefix = local.originals", "events        = [\"s3:ObjectRemoved:*\", \"s3:LifecycleExpiration:*\"]\n      filter_prefix = \"\"", "cleanup/removals_of_the_direct_trigger"},
	"lifecycle rules that go unheard":    {"s3.tf", `, "s3:LifecycleExpiration:*"`, ``, "cleanup/removals_of_the_direct_trigger"},
	"removals of anyone's bucket":        {"cleanup.tf", `local.removed_rule_arn : local.bucket_arn]`, `local.removed_rule_arn : "*"]`, "cleanup/role_and_queue_of_cleanup"},
	"removals of anyone's rule":          {"cleanup.tf", `local.removed_rule_arn : local.bucket_arn]`, `"*" : local.bucket_arn]`, "cleanup/removals_of_the_eventbridge_trigger"},
	"removals of all rules":              {"eventbridge.tf", "detail-type = [\"Object Deleted\"]\n    detail = {\n      bucket = { name = [var.bucket] }\n      object = { key = [{ prefix = local.originals }] }", "detail-type = [\"Object Deleted\"]\n    detail = {\n      bucket = { name = [var.bucket] }\n      object = { key = [{ prefix = \"\" }] }", "cleanup/removals_of_the_eventbridge_trigger"},
	"removals one by one":                {"cleanup.tf", `= var.cleanup.batch_size`, `= 1`, "cleanup/removals_of_the_direct_trigger"},
	"removals that fail as a whole":      {"cleanup.tf", `["ReportBatchItemFailures"]`, `[]`, "cleanup/removals_of_the_direct_trigger"},
	"removals that come back too early":  {"cleanup.tf", `6 * var.cleanup.timeout`, `var.cleanup.timeout`, "cleanup/removals_of_the_direct_trigger"},
	"removals that become dead letters":  {"cleanup.tf", `var.reserved_concurrency != 0`, `true`, "cleanup/stopped"},
	"cleanup's role for any account":     {"cleanup.tf", "test     = \"StringEquals\"\n      variable = \"aws:SourceAccount\"\n      values   = [local.account]\n    }\n\n    # As for resize.", "test     = \"StringLike\"\n      variable = \"aws:SourceAccount\"\n      values   = [\"*\"]\n    }\n\n    # As for resize.", "cleanup/role_and_queue_of_cleanup"},
	"cleanup reads every queue":          {"cleanup.tf", "\"sqs:GetQueueAttributes\"]\n    resources = [local.removed_queue_arn]", "\"sqs:GetQueueAttributes\"]\n    resources = [\"*\"]", "cleanup/role_and_queue_of_cleanup"},
	"cleanup that cannot be off":         {"locals.tf", `= var.cleanup.enabled`, `= true`, "cleanup/off"},
	"failures through the CDN":           {"cloudfront.tf", `effect    = "Deny"`, `effect    = "Allow"`, "cdn/oai_reads_variants_only"},
	"some failures through the CDN":      {"cloudfront.tf", `${local.resized}failed/*.json`, `${local.resized}failed.json`, "cdn/oac_reads_variants_only"},
	"new versions that show old bytes":   {"cloudfront.tf", `items = ["v"]`, `items = ["version"]`, "cdn/https_http3_compressed_cached_by_path_and_version"},
	"copies by every query":              {"cloudfront.tf", `query_string_behavior = "whitelist"`, `query_string_behavior = "allExcept"`, "cdn/https_http3_compressed_cached_by_path_and_version"},
	"every distribution refreshed":       {"cloudfront.tf", `distribution/${local.distribution_id}`, `distribution/*`, "cdn/functions_name_and_refresh_the_distribution"},
	"more than invalidations":            {"cloudfront.tf", `"cloudfront:CreateInvalidation"`, `"cloudfront:*"`, "cdn/functions_name_and_refresh_the_distribution"},
	"invalidation that cannot be off":    {"cloudfront.tf", `var.cdn.invalidate && (`, `(`, "cdn/own_name_without_invalidation"},
	"completions to every topic":         {"completion.tf", "actions   = [\"sns:Publish\"]\n    resources = [local.completion_topic_arn]\n  }\n}\n\ndata \"aws_iam_policy_document\" \"completion_key\"", "actions   = [\"sns:Publish\"]\n    resources = [\"*\"]\n  }\n}\n\ndata \"aws_iam_policy_document\" \"completion_key\"", "completion/a_topic_of_its_own_under_the_key"},
	"the key past SNS":                   {"completion.tf", `variable = "kms:ViaService"`, `variable = "kms:CallerAccount"`, "completion/a_topic_of_its_own_under_the_key"},
	"completions to every bus":           {"completion.tf", `[local.event_bus_arn]`, `["*"]`, "completion/a_topic_and_a_bus_that_exist"},
	"events as anyone":                   {"completion.tf", `variable = "events:source"`, `variable = "events:detail-type"`, "completion/a_topic_and_a_bus_that_exist"},
	"a public bucket":                    {"s3.tf", `restrict_public_buckets = true`, `restrict_public_buckets = false`, "cdn/oai_reads_variants_only"},
}

// All mutants stand side by side in one folder, a module each, so that terraform loads the provider once.
func TestMutants(t *testing.T) {
	t.Parallel()
	c := newCopy(t)
	files := map[string]string{}
	for name, mutant := range mutants {
		folder := strings.Map(letters, name)
		at := "terraform/mutants/" + folder
		c.copyFiles(t, at)
		c.replace(t, at+"/"+mutant.file, mutant.from, mutant.to)
		file, wanted, _ := strings.Cut(mutant.caughtBy, "/")
		head, all := runs(t, file)
		for _, run := range all {
			if run.name == wanted {
				other := strings.Replace(run.text, "{\n", "{\n  module {\n    source = \"./mutants/"+folder+"\"\n  }\n\n", 1)
				files[name] = "caught/" + folder + ".tftest.hcl"
				write(t, c.root, "terraform/"+files[name], head+"\n"+other+"\n")
			}
		}
	}
	c.initialise(t, "terraform", "-test-directory=caught")
	out, _ := c.terraform(t, "terraform", "test", "-json", "-test-directory=caught")
	found := byFile(t, out)
	for name, mutant := range mutants {
		message := found[files[name]]
		if !regexp.MustCompile(`(?m)^(Test assertion failed|Missing expected failure|Resource precondition failed): `).MatchString(message) {
			t.Errorf("%s: %s does not fail of it: %s", name, mutant.caughtBy, message)
		}
	}
	if t.Failed() {
		t.Log(found[""])
	}
}

func letters(r rune) rune {
	if r >= 'a' && r <= 'z' {
		return r
	}
	return '-'
}

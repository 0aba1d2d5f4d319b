locals {
  shown_at = local.links ? "${trimsuffix(local.base_url, "/")}/" : "s3://${local.variant_bucket}/"

  # Of photos/cat.jpg, by the template and the preset's format.
  extensions = { for name, preset in local.effective : name => contains(["original", "jpeg", "jpg"], try(preset.format, "original")) ? "jpg" : preset.format }
  examples = { for name, extension in local.extensions : name => join("", [local.resized,
    replace(replace(replace(replace(replace(local.template, "{preset}", name), "{dir}", "photos/"), "{name}", "cat"), "{file}", "cat.jpg"), "{ext}", extension)
  ]) }
}

output "bucket" {
  description = "The bucket to upload to."
  value       = local.source_bucket
}

output "upload_to" {
  description = "Where uploads go: `aws s3 cp cat.jpg <this>photos/cat.jpg`."
  value       = "s3://${local.source_bucket}/${local.originals}"
}

output "variant_bucket" {
  description = "The bucket of the variants."
  value       = local.bucket_names[local.variants_in]
}

output "cdn_domain" {
  description = "Host name of the CDN: the first alias, or CloudFront's own. Empty without a CDN."
  value       = local.cdn_domain
}

output "cdn_target" {
  description = "CloudFront's own host name, which the aliases' DNS records point at. Empty without a CDN."
  value       = try(aws_cloudfront_distribution.this[0].domain_name, "")
}

output "distribution_id" {
  description = "ID of the CloudFront distribution, for invalidations. Empty without a CDN."
  value       = try(aws_cloudfront_distribution.this[0].id, "")
}

output "example_urls" {
  description = "Where each preset's variant of photos/cat.jpg is found, by the preset's name."
  value       = { for name, key in local.examples : name => "${local.shown_at}${key}" }
}

output "function_name" {
  description = "Name of the function."
  value       = aws_lambda_function.resize.function_name
}

output "function_arn" {
  description = "ARN of the function."
  value       = aws_lambda_function.resize.arn
}

output "role_name" {
  description = "Name of the function's role."
  value       = aws_iam_role.resize.name
}

output "role_arn" {
  description = "ARN of the function's role."
  value       = aws_iam_role.resize.arn
}

output "cleanup_function_name" {
  description = "Name of the function that takes away the variants of removed originals. Empty without it."
  value       = try(aws_lambda_function.cleanup[0].function_name, "")
}

output "cleanup_role_arn" {
  description = "ARN of that function's role. Empty without it."
  value       = try(aws_iam_role.cleanup[0].arn, "")
}

output "cleanup_log_group" {
  description = "Name of that function's log group. Empty without it."
  value       = try(aws_cloudwatch_log_group.cleanup[0].name, "")
}

output "backfill_role_arn" {
  description = "ARN of the role for S3 Batch Operations: `backfill run --via batch --role-arn <this>`. Empty unless `backfill.enabled`."
  value       = try(aws_iam_role.backfill[0].arn, "")
}

output "backfill_places" {
  description = "Where S3 Batch Operations may read job lists and write reports: `--manifest <manifests>list.csv`, `--report <reports>`."
  value       = { manifests = "s3://${local.backfill_manifests}", reports = "s3://${local.backfill_reports}" }
}

output "backfill_policies" {
  description = "The least policies of who runs a backfill, by what is run: `plan`, and `run --via` `here`, `lambda` or `batch`."
  value = {
    plan   = data.aws_iam_policy_document.backfill_plan.json
    here   = data.aws_iam_policy_document.backfill_here.json
    lambda = data.aws_iam_policy_document.backfill_lambda.json
    batch  = data.aws_iam_policy_document.backfill_batch.json
  }
}

output "log_group" {
  description = "Name of the function's log group: `aws logs tail <this> --follow`."
  value       = aws_cloudwatch_log_group.resize.name
}

output "dead_letter_queue_url" {
  description = "URL of the queue that keeps the events of failed uploads and removals."
  value       = aws_sqs_queue.dead_letters.url
}

output "queue_url" {
  description = "URL of the queue of uploads. Empty unless the trigger is `queue`."
  value       = try(aws_sqs_queue.originals[0].url, "")
}

output "removed_queue_url" {
  description = "URL of the queue of removals. Empty without `cleanup`."
  value       = try(aws_sqs_queue.removed[0].url, "")
}

output "rule_name" {
  description = "Name of the EventBridge rule for uploads. Empty unless the trigger is `eventbridge`."
  value       = try(aws_cloudwatch_event_rule.originals[0].name, "")
}

output "removed_rule_name" {
  description = "Name of the EventBridge rule for removals. Empty unless the trigger is `eventbridge`, and without `cleanup`."
  value       = try(aws_cloudwatch_event_rule.removed[0].name, "")
}

output "completion_topic_arn" {
  description = "ARN of the SNS topic of completion events. Empty without one."
  value       = local.completion_topic_arn
}

output "base_url" {
  description = "What the URLs in manifests begin with. Empty: they are relative, \"/resized/...\"."
  value       = local.base_url
}

output "alarm_topic_arn" {
  description = "ARN of the SNS topic of the alarms. Empty without alarms."
  value       = local.alarm_topic
}

output "dashboard_name" {
  description = "Name of the CloudWatch dashboard. Empty without one."
  value       = try(aws_cloudwatch_dashboard.this[0].dashboard_name, "")
}

output "presets_sha256" {
  description = "SHA-256 of presets.yaml as deployed."
  value       = local.presets_hash
}

output "enable_eventbridge" {
  description = "The command that switches on EventBridge for the existing bucket and keeps the rest of its notification configuration. Empty when nothing is left to do."
  value = local.eventbridge && !local.writes_notifications ? join(" ", [
    "aws s3api put-bucket-notification-configuration --bucket ${var.bucket} --notification-configuration",
    "\"$(aws s3api get-bucket-notification-configuration --bucket ${var.bucket} --output json --query 'merge(@, `{\"EventBridgeConfiguration\": {}}`)')\"",
  ]) : ""
}

output "bucket_policy_statements" {
  description = "By bucket, the policy whose statements belong into that of an existing bucket, which the module does not write: TLS only, the CDN's reads, and that failure records are not read. Empty when nothing is left to do."
  value       = { for role, name in local.all_buckets : name => data.aws_iam_policy_document.bucket[role].json if !contains(keys(local.policy_buckets), role) }
}

output "kms_key_policy_statements" {
  description = "The policy whose statement belongs into that of the KMS key, so that the CDN can decrypt variants. Empty when nothing is left to do."
  value = var.kms_key_arn == "" || !local.oac ? "" : jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "CDNDecryptsVariants"
      Effect    = "Allow"
      Principal = { Service = "cloudfront.amazonaws.com" }
      Action    = "kms:Decrypt"
      Resource  = "*"
      Condition = {
        StringEquals         = { "aws:SourceArn" = local.distribution_arn }
        StringEqualsIfExists = { "aws:SourceAccount" = local.account }
      }
    }]
  })
}

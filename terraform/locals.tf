data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}
data "aws_region" "current" {}

locals {
  account    = data.aws_caller_identity.current.account_id
  partition  = data.aws_partition.current.partition
  dns_suffix = data.aws_partition.current.dns_suffix
  region     = data.aws_region.current.id

  function_name    = "${var.name}-resize"
  role_name        = "${var.name}-resize"
  log_group_name   = "/aws/lambda/${local.function_name}"
  queue_name       = "${var.name}-originals"
  dead_letter_name = "${var.name}-dead-letters"
  rule_name        = "${var.name}-originals"
  topic_name       = "${var.name}-alarms"

  cleanup_name           = "${var.name}-cleanup"
  cleanup_log_group_name = "/aws/lambda/${local.cleanup_name}"
  removed_name           = "${var.name}-removed"
  completion_topic_name  = "${var.name}-completions"

  separate       = var.destination_bucket != ""
  variant_bucket = local.separate ? var.destination_bucket : var.bucket

  # ARNs are composed from names, not read from resources, so that every policy is known, and reviewed, at plan time.
  bucket_arn         = "arn:${local.partition}:s3:::${var.bucket}"
  variant_bucket_arn = "arn:${local.partition}:s3:::${local.variant_bucket}"
  function_arn       = "arn:${local.partition}:lambda:${local.region}:${local.account}:function:${local.function_name}"
  log_group_arn      = "arn:${local.partition}:logs:${local.region}:${local.account}:log-group:${local.log_group_name}"
  queue_arn          = "arn:${local.partition}:sqs:${local.region}:${local.account}:${local.queue_name}"
  dead_letter_arn    = "arn:${local.partition}:sqs:${local.region}:${local.account}:${local.dead_letter_name}"
  rule_arn           = "arn:${local.partition}:events:${local.region}:${local.account}:rule/${local.rule_name}"
  topic_arn          = "arn:${local.partition}:sns:${local.region}:${local.account}:${local.topic_name}"

  cleanup_arn           = "arn:${local.partition}:lambda:${local.region}:${local.account}:function:${local.cleanup_name}"
  cleanup_log_group_arn = "arn:${local.partition}:logs:${local.region}:${local.account}:log-group:${local.cleanup_log_group_name}"
  removed_queue_arn     = "arn:${local.partition}:sqs:${local.region}:${local.account}:${local.removed_name}"
  removed_rule_arn      = "arn:${local.partition}:events:${local.region}:${local.account}:rule/${local.removed_name}"

  direct      = var.trigger == "direct"
  queued      = var.trigger == "queue"
  eventbridge = var.trigger == "eventbridge"
  cleans      = var.cleanup.enabled

  tags = merge(var.tags, { Presize = var.name })
}

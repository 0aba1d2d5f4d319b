locals {
  # Buckets that the module creates, and those whose policy it writes.
  own_buckets = merge(
    var.create_bucket ? { originals = var.bucket } : {},
    local.separate && var.create_destination_bucket ? { variants = var.destination_bucket } : {},
  )
  all_buckets    = merge({ originals = var.bucket }, local.separate ? { variants = var.destination_bucket } : {})
  policy_buckets = var.owns_bucket_policy ? local.all_buckets : local.own_buckets
  variants_in    = local.separate ? "variants" : "originals"

  # The same names, but after the buckets in the order of things.
  source_bucket = var.create_bucket ? aws_s3_bucket.this["originals"].bucket : var.bucket
  bucket_names = { for role, name in local.all_buckets :
    role => contains(keys(local.own_buckets), role) ? aws_s3_bucket.this[role].bucket : name
  }

  # An existing bucket's notification configuration is written only where the caller says that it is the module's.
  writes_notifications = !local.eventbridge || var.create_bucket || var.owns_bucket_notifications
}

resource "aws_s3_bucket" "this" {
  for_each = local.own_buckets

  bucket        = each.value
  force_destroy = var.force_destroy
  tags          = local.tags
}

resource "aws_s3_bucket_public_access_block" "this" {
  for_each = local.own_buckets

  bucket                  = aws_s3_bucket.this[each.key].bucket
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_ownership_controls" "this" {
  for_each = local.own_buckets

  bucket = aws_s3_bucket.this[each.key].bucket

  rule {
    object_ownership = "BucketOwnerEnforced"
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "this" {
  for_each = local.own_buckets

  bucket = aws_s3_bucket.this[each.key].bucket

  rule {
    bucket_key_enabled = var.kms_key_arn != "" # one call of KMS for many objects

    apply_server_side_encryption_by_default {
      sse_algorithm     = var.kms_key_arn == "" ? "AES256" : "aws:kms"
      kms_master_key_id = var.kms_key_arn == "" ? null : var.kms_key_arn
    }
  }
}

resource "aws_s3_bucket_versioning" "this" {
  for_each = var.versioning ? local.own_buckets : {}

  bucket = aws_s3_bucket.this[each.key].bucket

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_lifecycle_configuration" "this" {
  for_each = local.own_buckets

  bucket = aws_s3_bucket.this[each.key].bucket

  # The parts of an upload that was given up are billed until they are removed.
  rule {
    id     = "abandoned-uploads"
    status = "Enabled"

    filter {}

    abort_incomplete_multipart_upload {
      days_after_initiation = 7
    }
  }

  dynamic "rule" {
    for_each = var.versioning ? [1] : []

    content {
      id     = "former-versions"
      status = "Enabled"

      filter {}

      noncurrent_version_expiration {
        noncurrent_days = 30
      }

      expiration {
        expired_object_delete_marker = true
      }
    }
  }

  depends_on = [aws_s3_bucket_versioning.this]
}

data "aws_iam_policy_document" "tls_only" {
  for_each = local.all_buckets

  statement {
    sid       = "OnlyTLS"
    effect    = "Deny"
    actions   = ["s3:*"]
    resources = ["arn:${local.partition}:s3:::${each.value}", "arn:${local.partition}:s3:::${each.value}/*"]

    principals {
      type        = "*"
      identifiers = ["*"]
    }

    condition {
      test     = "Bool"
      variable = "aws:SecureTransport"
      values   = ["false"]
    }
  }
}

# A bucket has one policy; everything that belongs in it comes together here.
data "aws_iam_policy_document" "bucket" {
  for_each = local.all_buckets

  source_policy_documents = compact([
    data.aws_iam_policy_document.tls_only[each.key].json,
    var.cdn.enabled && each.key == local.variants_in ? data.aws_iam_policy_document.cdn_reads[0].json : "",
    contains(keys(local.policy_buckets), each.key) ? var.bucket_policy_json : "",
  ])
}

resource "aws_s3_bucket_policy" "this" {
  for_each = local.policy_buckets

  bucket = local.bucket_names[each.key]
  policy = data.aws_iam_policy_document.bucket[each.key].json

  depends_on = [aws_s3_bucket_public_access_block.this]
}

resource "aws_s3_bucket_notification" "originals" {
  count = local.writes_notifications ? 1 : 0

  bucket      = local.source_bucket
  eventbridge = local.eventbridge

  dynamic "lambda_function" {
    for_each = local.direct ? [1] : []

    content {
      id                  = "${var.name}-created"
      lambda_function_arn = aws_lambda_function.resize.arn
      events              = ["s3:ObjectCreated:*"]
      filter_prefix       = local.originals
    }
  }

  dynamic "queue" {
    for_each = local.queued ? [1] : []

    content {
      id            = "${var.name}-created"
      queue_arn     = local.queue_arn
      events        = ["s3:ObjectCreated:*"]
      filter_prefix = local.originals
    }
  }

  dynamic "queue" {
    for_each = local.cleans && !local.eventbridge ? [1] : []

    content {
      id            = "${var.name}-removed"
      queue_arn     = local.removed_queue_arn
      events        = ["s3:ObjectRemoved:*", "s3:LifecycleExpiration:*"]
      filter_prefix = local.originals
    }
  }

  # S3 tries the target when the notification is written, and refuses one that it may not reach.
  depends_on = [aws_lambda_permission.trigger, aws_sqs_queue.originals, aws_sqs_queue.removed]

  lifecycle {
    precondition {
      condition     = var.create_bucket || var.owns_bucket_notifications
      error_message = <<-EOT
        trigger = "${var.trigger}" would replace the whole notification configuration of the existing bucket ${var.bucket}. S3 keeps one per bucket, so whatever else listens to it would hear nothing more. What is there now:
          aws s3api get-bucket-notification-configuration --bucket ${var.bucket}
        The way out: trigger = "eventbridge", which leaves it as it is. If it is empty, or yours to lose: owns_bucket_notifications = true.
      EOT
    }
  }
}

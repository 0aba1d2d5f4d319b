# One document per capability, each with the actions that the function calls on the ARNs it calls them on.

data "aws_iam_policy_document" "assume" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["lambda.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [local.account]
    }

    # Lambda need not name the function on every call of its own, such as when it checks the role; where it does, it is ours.
    condition {
      test     = "ArnLikeIfExists"
      variable = "aws:SourceArn"
      values   = [local.function_arn]
    }
  }
}

resource "aws_iam_role" "resize" {
  name                 = local.role_name
  description          = "What the function ${local.function_name} may do"
  assume_role_policy   = data.aws_iam_policy_document.assume.json
  permissions_boundary = var.permissions_boundary_arn == "" ? null : var.permissions_boundary_arn
  tags                 = local.tags
}

data "aws_iam_policy_document" "originals" {
  statement {
    sid       = "ReadOriginals" # and HeadObject, which is the same permission
    actions   = ["s3:GetObject"]
    resources = ["${local.bucket_arn}/${local.originals}*"]
  }
}

data "aws_iam_policy_document" "variants" {
  statement {
    sid       = "WriteVariants" # and manifests and failure records; read: whose variant stands there; delete: when its original went
    actions   = ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"]
    resources = ["${local.variant_bucket_arn}/${local.resized}*"]
  }
}

# Without it S3 answers 403 for a key that does not exist, and the function could not tell a deleted original from a denied
# one. S3 compares s3:prefix with the key that was asked for, so the condition holds for those calls too.
data "aws_iam_policy_document" "listing" {
  statement {
    sid       = "MissingOriginalsAre404"
    actions   = ["s3:ListBucket"]
    resources = [local.bucket_arn]

    condition {
      test     = "StringLike"
      variable = "s3:prefix"
      values   = ["${local.originals}*"]
    }
  }

  statement {
    sid       = "MissingVariantsAre404" # and where variants of presets are that presets.yaml no longer has
    actions   = ["s3:ListBucket"]
    resources = [local.variant_bucket_arn]

    condition {
      test     = "StringLike"
      variable = "s3:prefix"
      values   = ["${local.resized}*"]
    }
  }
}

# The hash in the key is left open: while an apply runs, the function's former settings still name the former file.
data "aws_iam_policy_document" "presets" {
  statement {
    sid       = "ReadPresets"
    actions   = ["s3:GetObject"]
    resources = ["${local.bucket_arn}/${local.presets_dir}presets-*.yaml"]
  }
}

data "aws_iam_policy_document" "logs" {
  statement {
    sid       = "WriteOwnLog"
    actions   = ["logs:CreateLogStream", "logs:PutLogEvents"]
    resources = ["${local.log_group_arn}:*"]
  }
}

data "aws_iam_policy_document" "dead_letters" {
  statement {
    sid       = "KeepFailedEvents"
    actions   = ["sqs:SendMessage"]
    resources = [local.dead_letter_arn]
  }
}

data "aws_iam_policy_document" "queue" {
  statement {
    sid       = "TakeFromQueue"
    actions   = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"]
    resources = [local.queue_arn]
  }
}

data "aws_iam_policy_document" "kms" {
  count = var.kms_key_arn == "" ? 0 : 1

  statement {
    sid       = "UseKeyThroughS3"
    actions   = ["kms:Decrypt", "kms:GenerateDataKey"]
    resources = [var.kms_key_arn]

    condition {
      test     = "StringEquals"
      variable = "kms:ViaService"
      values   = ["s3.${local.region}.${local.dns_suffix}"]
    }
  }
}

data "aws_iam_policy_document" "tracing" {
  statement {
    sid       = "WriteTraces" # X-Ray knows no resources for these two
    actions   = ["xray:PutTraceSegments", "xray:PutTelemetryRecords"]
    resources = ["*"]
  }
}

locals {
  # What both functions may do: cleanup renders too, an original that is back by the time it looks.
  shared_policies = merge(
    {
      read-originals = data.aws_iam_policy_document.originals.json
      write-variants = data.aws_iam_policy_document.variants.json
      list-prefixes  = data.aws_iam_policy_document.listing.json
      read-presets   = data.aws_iam_policy_document.presets.json
    },
    var.kms_key_arn == "" ? {} : { use-key = data.aws_iam_policy_document.kms[0].json },
    var.tracing ? { write-traces = data.aws_iam_policy_document.tracing.json } : {},
    local.invalidates ? { refresh-cdn = data.aws_iam_policy_document.invalidation[0].json } : {},
    local.publishes ? { publish-completions = data.aws_iam_policy_document.completions[0].json } : {},
    local.publishes && var.kms_key_arn != "" ? { use-topic-key = data.aws_iam_policy_document.completion_key[0].json } : {},
    local.puts_events ? { put-completions = data.aws_iam_policy_document.completion_events[0].json } : {},
  )
}

resource "aws_iam_role_policy" "resize" {
  for_each = merge(
    local.shared_policies,
    { write-log = data.aws_iam_policy_document.logs.json },
    local.queued ? { take-from-queue = data.aws_iam_policy_document.queue.json } : { keep-dead-letters = data.aws_iam_policy_document.dead_letters.json },
  )

  name   = each.key
  role   = aws_iam_role.resize.name
  policy = each.value
}

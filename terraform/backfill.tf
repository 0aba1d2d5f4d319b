# Presets over what is already there: the role of S3 Batch Operations, and what people need who run scripts/backfill.

locals {
  # As bucket and prefix, which is how ARNs are made of them.
  backfill_manifests = var.backfill.manifests != "" ? trimprefix(var.backfill.manifests, "s3://") : "${var.bucket}/${local.presets_dir}backfill/manifests/"
  backfill_reports   = var.backfill.reports != "" ? trimprefix(var.backfill.reports, "s3://") : "${var.bucket}/${local.presets_dir}backfill/reports/"
  backfill_inventory = trimprefix(var.backfill.inventory, "s3://")
  backfill_role_name = "${var.name}-backfill"
  backfill_role_arn  = "arn:${local.partition}:iam::${local.account}:role/${local.backfill_role_name}"

  # Where job lists are read: manifests, and the reports of an S3 Inventory.
  backfill_lists = [for place in compact([local.backfill_manifests, local.backfill_inventory]) : "arn:${local.partition}:s3:::${place}*"]

  backfill_kms = data.aws_iam_policy_document.kms[*].json
}

data "aws_iam_policy_document" "backfill_assume" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["batchoperations.s3.amazonaws.com"]
    }

    # AWS does not document that S3 Batch Operations names the account; where it does, it is ours. Nobody else's job can have
    # this role in any case: iam:PassRole does not reach into another account.
    condition {
      test     = "StringEqualsIfExists"
      variable = "aws:SourceAccount"
      values   = [local.account]
    }
  }
}

data "aws_iam_policy_document" "backfill_job" {
  statement {
    sid       = "InvokeFunction"
    actions   = ["lambda:InvokeFunction"]
    resources = [local.function_arn]
  }

  statement {
    sid       = "ReadManifests"
    actions   = ["s3:GetObject", "s3:GetObjectVersion"]
    resources = local.backfill_lists
  }

  statement {
    sid       = "WriteReports"
    actions   = ["s3:PutObject"]
    resources = ["arn:${local.partition}:s3:::${local.backfill_reports}*"]
  }
}

resource "aws_iam_role" "backfill" {
  count = var.backfill.enabled ? 1 : 0

  name                 = local.backfill_role_name
  description          = "What S3 Batch Operations may do for a backfill of ${local.function_name}"
  assume_role_policy   = data.aws_iam_policy_document.backfill_assume.json
  permissions_boundary = var.permissions_boundary_arn == "" ? null : var.permissions_boundary_arn
  tags                 = local.tags

  lifecycle {
    precondition {
      condition = alltrue(flatten([for place in [local.backfill_manifests, local.backfill_reports] : [
        for watched in ["${var.bucket}/${local.originals}", "${local.variant_bucket}/${local.resized}"] : !startswith(place, watched) && !startswith(watched, place)
      ]]))
      error_message = "backfill.manifests is s3://${local.backfill_manifests} and backfill.reports s3://${local.backfill_reports}; neither may lie below the originals or the variants, or hold them: every report would be taken for an upload, or be served by the CDN."
    }
  }
}

resource "aws_iam_role_policy" "backfill" {
  for_each = !var.backfill.enabled ? {} : merge(
    { run-job = data.aws_iam_policy_document.backfill_job.json },
    var.kms_key_arn == "" ? {} : { use-key = data.aws_iam_policy_document.kms[0].json },
  )

  name   = each.key
  role   = aws_iam_role.backfill[0].name
  policy = each.value
}

# What scripts/backfill calls, by subcommand. HEAD is the same permission as GET.
data "aws_iam_policy_document" "backfill_plan" {
  source_policy_documents = concat(
    [data.aws_iam_policy_document.originals.json, data.aws_iam_policy_document.listing.json], local.backfill_kms,
  )

  statement {
    sid       = "ReadVariants"
    actions   = ["s3:GetObject"]
    resources = ["${local.variant_bucket_arn}/${local.resized}*"]
  }
}

data "aws_iam_policy_document" "backfill_here" {
  source_policy_documents = concat([
    data.aws_iam_policy_document.originals.json, data.aws_iam_policy_document.listing.json, data.aws_iam_policy_document.variants.json,
  ], local.backfill_kms)
}

data "aws_iam_policy_document" "backfill_lambda" {
  source_policy_documents = [data.aws_iam_policy_document.backfill_plan.json]

  statement {
    sid       = "InvokeFunction"
    actions   = ["lambda:InvokeFunction"]
    resources = [local.function_arn]
  }
}

data "aws_iam_policy_document" "backfill_batch" {
  source_policy_documents = [data.aws_iam_policy_document.backfill_plan.json]

  statement {
    sid       = "WriteManifests" # read: jobs are created with the ETag of their list
    actions   = ["s3:GetObject", "s3:PutObject"]
    resources = ["arn:${local.partition}:s3:::${local.backfill_manifests}*"]
  }

  statement {
    sid       = "ReadReports"
    actions   = ["s3:GetObject"]
    resources = [for place in compact([local.backfill_reports, local.backfill_inventory]) : "arn:${local.partition}:s3:::${place}*"]
  }

  statement {
    sid       = "CreateJobs" # it knows no resources; what a job can do is bounded by the one role that may be given to it
    actions   = ["s3:CreateJob"]
    resources = ["*"]
  }

  statement {
    sid       = "WatchJobs" # and confirm, or cancel
    actions   = ["s3:DescribeJob", "s3:UpdateJobStatus"]
    resources = ["arn:${local.partition}:s3:${local.region}:${local.account}:job/*"]
  }

  statement {
    sid       = "GiveJobsTheirRole"
    actions   = ["iam:PassRole"]
    resources = [local.backfill_role_arn]

    condition {
      test     = "StringEquals"
      variable = "iam:PassedToService"
      values   = ["batchoperations.s3.amazonaws.com"]
    }
  }
}

# The role of S3 Batch Operations, and what whoever runs a backfill needs, character by character: the real provider renders
# them without asking AWS anything.

provider "aws" {
  region                      = "eu-west-1"
  access_key                  = "none"
  secret_key                  = "none"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
}

override_data {
  target = data.aws_caller_identity.current
  values = { account_id = "123456789012" }
}

variables {
  bucket  = "photos"
  package = "tests/fixtures/resize.zip"
  presets = "../presets.yaml"
  cdn     = { enabled = false }
}

run "off_unless_asked_for" {
  command = plan

  assert {
    condition     = length(aws_iam_role.backfill) == 0 && length(aws_iam_role_policy.backfill) == 0
    error_message = "There is a role for S3 Batch Operations that nobody asked for."
  }

  assert {
    condition     = output.backfill_role_arn == ""
    error_message = "backfill_role_arn names a role that is not there."
  }
}

run "role_of_the_job" {
  command = plan

  variables {
    backfill = { enabled = true }
  }

  assert {
    condition = jsonencode({ for name, policy in aws_iam_role_policy.backfill : name => jsondecode(policy.policy) }) == jsonencode({
      run-job = {
        Version = "2012-10-17"
        Statement = [
          {
            Sid      = "InvokeFunction"
            Effect   = "Allow"
            Action   = "lambda:InvokeFunction"
            Resource = "arn:aws:lambda:eu-west-1:123456789012:function:presize-resize"
          },
          {
            Sid      = "ReadManifests"
            Effect   = "Allow"
            Action   = ["s3:GetObjectVersion", "s3:GetObject"]
            Resource = "arn:aws:s3:::photos/presize/presize/backfill/manifests/*"
          },
          {
            Sid      = "WriteReports"
            Effect   = "Allow"
            Action   = "s3:PutObject"
            Resource = "arn:aws:s3:::photos/presize/presize/backfill/reports/*"
          },
        ]
      }
    })
    error_message = "The job may do something else than these three things: ${jsonencode({ for name, policy in aws_iam_role_policy.backfill : name => jsondecode(policy.policy) })}"
  }

  assert {
    condition = jsonencode(jsondecode(aws_iam_role.backfill[0].assume_role_policy)) == jsonencode({
      Version = "2012-10-17"
      Statement = [{
        Effect    = "Allow"
        Action    = "sts:AssumeRole"
        Principal = { Service = "batchoperations.s3.amazonaws.com" }
        Condition = { StringEqualsIfExists = { "aws:SourceAccount" = "123456789012" } }
      }]
    })
    error_message = "Someone else than S3 Batch Operations may take the role: ${aws_iam_role.backfill[0].assume_role_policy}"
  }

  assert {
    condition     = aws_iam_role.backfill[0].name == "presize-backfill" && output.backfill_places == { manifests = "s3://photos/presize/presize/backfill/manifests/", reports = "s3://photos/presize/presize/backfill/reports/" }
    error_message = "The role is ${aws_iam_role.backfill[0].name}, the places ${jsonencode(output.backfill_places)}."
  }

  # The function needs no permission more for S3 Batch Operations, or for being invoked directly.
  assert {
    condition     = join(" ", keys(aws_iam_role_policy.resize)) == "keep-dead-letters list-prefixes read-originals read-presets write-log write-variants"
    error_message = "The function's role has ${jsonencode(keys(aws_iam_role_policy.resize))}."
  }
}

run "places_key_and_boundary" {
  command = plan

  variables {
    name                     = "pics"
    kms_key_arn              = "arn:aws:kms:eu-west-1:123456789012:key/1234abcd"
    permissions_boundary_arn = "arn:aws:iam::123456789012:policy/boundary"
    backfill = {
      enabled   = true
      manifests = "s3://lists/jobs/"
      reports   = "s3://lists/reports/"
      inventory = "s3://inventory/photos/daily/"
    }
  }

  assert {
    condition = [for statement in jsondecode(aws_iam_role_policy.backfill["run-job"].policy).Statement : statement.Resource] == [
      "arn:aws:lambda:eu-west-1:123456789012:function:pics-resize",
      ["arn:aws:s3:::lists/jobs/*", "arn:aws:s3:::inventory/photos/daily/*"],
      "arn:aws:s3:::lists/reports/*",
    ]
    error_message = "The job's permissions do not follow the places: ${aws_iam_role_policy.backfill["run-job"].policy}"
  }

  assert {
    condition     = aws_iam_role_policy.backfill["use-key"].policy == aws_iam_role_policy.resize["use-key"].policy && aws_iam_role.backfill[0].permissions_boundary == "arn:aws:iam::123456789012:policy/boundary"
    error_message = "The job may use the key otherwise than through S3, or is not bounded."
  }

  assert {
    condition     = alltrue([for name, policy in output.backfill_policies : contains(jsondecode(policy).Statement[*].Sid, "UseKeyThroughS3")])
    error_message = "Who runs a backfill may not use the key: ${jsonencode(output.backfill_policies)}"
  }

  assert {
    condition = { for statement in jsondecode(output.backfill_policies.batch).Statement : statement.Sid => statement.Resource if contains(["WriteManifests", "ReadReports", "GiveJobsTheirRole"], statement.Sid) } == {
      WriteManifests    = "arn:aws:s3:::lists/jobs/*"
      ReadReports       = ["arn:aws:s3:::lists/reports/*", "arn:aws:s3:::inventory/photos/daily/*"]
      GiveJobsTheirRole = "arn:aws:iam::123456789012:role/pics-backfill"
    }
    error_message = "Who creates jobs may do it elsewhere: ${output.backfill_policies.batch}"
  }
}

run "policies_of_who_runs_it" {
  command = plan

  assert {
    condition = { for name, policy in output.backfill_policies : name => [for statement in jsondecode(policy).Statement : statement.Sid] } == {
      plan   = ["ReadOriginals", "MissingOriginalsAre404", "MissingVariantsAre404", "ReadVariants"]
      here   = ["ReadOriginals", "MissingOriginalsAre404", "MissingVariantsAre404", "WriteVariants"]
      lambda = ["ReadOriginals", "MissingOriginalsAre404", "MissingVariantsAre404", "ReadVariants", "InvokeFunction"]
      batch = ["ReadOriginals", "MissingOriginalsAre404", "MissingVariantsAre404", "ReadVariants", "WriteManifests", "ReadReports",
      "CreateJobs", "WatchJobs", "GiveJobsTheirRole"]
    }
    error_message = "The policies hold something else: ${jsonencode(output.backfill_policies)}"
  }

  assert {
    condition = jsonencode([for statement in jsondecode(output.backfill_policies.plan).Statement : [statement.Action, statement.Resource]]) == jsonencode([
      ["s3:GetObject", "arn:aws:s3:::photos/originals/*"],
      ["s3:ListBucket", "arn:aws:s3:::photos"],
      ["s3:ListBucket", "arn:aws:s3:::photos"],
      ["s3:GetObject", "arn:aws:s3:::photos/resized/*"],
    ])
    error_message = "A plan may do more than read: ${output.backfill_policies.plan}"
  }

  assert {
    condition = jsonencode(slice(jsondecode(output.backfill_policies.batch).Statement, 4, 9)) == jsonencode([
      { Sid = "WriteManifests", Effect = "Allow", Action = ["s3:PutObject", "s3:GetObject"], Resource = "arn:aws:s3:::photos/presize/presize/backfill/manifests/*" },
      { Sid = "ReadReports", Effect = "Allow", Action = "s3:GetObject", Resource = "arn:aws:s3:::photos/presize/presize/backfill/reports/*" },
      { Sid = "CreateJobs", Effect = "Allow", Action = "s3:CreateJob", Resource = "*" },
      { Sid = "WatchJobs", Effect = "Allow", Action = ["s3:UpdateJobStatus", "s3:DescribeJob"], Resource = "arn:aws:s3:eu-west-1:123456789012:job/*" },
      {
        Sid      = "GiveJobsTheirRole", Effect = "Allow", Action = "iam:PassRole"
        Resource = "arn:aws:iam::123456789012:role/presize-backfill"
        Condition = {
          StringEquals = { "iam:PassedToService" = "batchoperations.s3.amazonaws.com" }
        }
      },
    ])
    error_message = "Who creates jobs may do something else: ${output.backfill_policies.batch}"
  }

  assert {
    condition = jsonencode(jsondecode(output.backfill_policies.lambda).Statement[4]) == jsonencode({
      Sid      = "InvokeFunction"
      Effect   = "Allow"
      Action   = "lambda:InvokeFunction"
      Resource = "arn:aws:lambda:eu-west-1:123456789012:function:presize-resize"
    })
    error_message = "Who invokes the function may invoke another: ${output.backfill_policies.lambda}"
  }
}

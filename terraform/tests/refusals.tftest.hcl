# What would cost money or leak data is refused before anything is made. `says` is part of the sentence that the user reads;
# the Go tests hold the module to it.

mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  bucket  = "photos"
  package = "tests/fixtures/resize.zip"
  presets = "../presets.yaml"
}

# says: aws s3api get-bucket-notification-configuration --bucket
run "direct_on_an_existing_bucket" {
  command = plan

  variables {
    create_bucket = false
  }

  expect_failures = [aws_s3_bucket_notification.originals]
}

# says: The way out: trigger = "eventbridge"
run "queue_on_an_existing_bucket" {
  command = plan

  variables {
    create_bucket = false
    trigger       = "queue"
  }

  expect_failures = [aws_s3_bucket_notification.originals]
}

# says: SQS would be throttled
run "queue_faster_than_the_function" {
  command = plan

  variables {
    trigger              = "queue"
    reserved_concurrency = 10
  }

  expect_failures = [aws_lambda_event_source_mapping.originals]
}

# says: CloudFront takes certificates of us-east-1 only
run "certificate_of_another_region" {
  command = plan

  variables {
    cdn = { aliases = ["img.example.com"], certificate_arn = "arn:aws:acm:eu-west-1:123456789012:certificate/abc" }
  }

  expect_failures = [aws_cloudfront_distribution.this]
}

# says: a certificate of ACM in us-east-1 that covers
run "alias_without_certificate" {
  command = plan

  variables {
    cdn = { aliases = ["img.example.com"] }
  }

  expect_failures = [aws_cloudfront_distribution.this]
}

# says: kms_key_arn needs origin_access = "oac"
run "kms_with_oai" {
  command = plan

  variables {
    kms_key_arn = "arn:aws:kms:eu-west-1:123456789012:key/1234abcd"
  }

  expect_failures = [aws_cloudfront_distribution.this]
}

# says: every access log would be taken for an upload
run "access_logs_taken_for_uploads" {
  command = plan

  variables {
    cdn = { log_bucket = "photos", log_prefix = "originals/cdn" }
  }

  expect_failures = [aws_cloudfront_distribution.this]
}

# says: every report would be taken for an upload
run "backfill_reports_among_the_originals" {
  command = plan

  variables {
    backfill = { enabled = true, reports = "s3://photos/originals/reports/" }
  }

  expect_failures = [aws_iam_role.backfill]
}

# says: neither may lie below the originals or the variants, or hold them
run "backfill_manifests_among_the_variants" {
  command = plan

  variables {
    backfill = { enabled = true, manifests = "s3://photos/resized/lists/" }
  }

  expect_failures = [aws_iam_role.backfill]
}

# says: which overlap: every variant would be an original again
run "presets_overlap" {
  command = plan

  variables {
    presets = "tests/fixtures/overlap.yaml"
  }

  expect_failures = [aws_s3_object.presets]
}

# says: An empty prefix would be the whole bucket
run "presets_empty_prefix" {
  command = plan

  variables {
    presets = "tests/fixtures/empty-prefix.yaml"
  }

  expect_failures = [aws_s3_object.presets]
}

# says: that end in a slash
run "presets_prefix_without_slash" {
  command = plan

  variables {
    presets = "tests/fixtures/prefix-without-slash.yaml"
  }

  expect_failures = [aws_s3_object.presets]
}

# says: where the module keeps presets.yaml
run "presets_own_folder" {
  command = plan

  variables {
    presets = "tests/fixtures/own-folder.yaml"
  }

  expect_failures = [aws_s3_object.presets]
}

# says: this module reads version 1
run "presets_version" {
  command = plan

  variables {
    presets = "tests/fixtures/version.yaml"
  }

  expect_failures = [aws_s3_object.presets]
}

# says: presets.yaml has unknown fields
run "presets_unknown_field" {
  command = plan

  variables {
    presets = "tests/fixtures/unknown-field.yaml"
  }

  expect_failures = [aws_s3_object.presets]
}

# says: has no presets; add one
run "presets_no_presets" {
  command = plan

  variables {
    presets = "tests/fixtures/no-presets.yaml"
  }

  expect_failures = [aws_s3_object.presets]
}

# says: a name is 1 to 64 lower-case letters
run "presets_misnamed" {
  command = plan

  variables {
    presets = "tests/fixtures/misnamed.yaml"
  }

  expect_failures = [aws_s3_object.presets]
}

# says: neither manifest nor failed
run "presets_reserved_name" {
  command = plan

  variables {
    presets = "tests/fixtures/reserved-name.yaml"
  }

  expect_failures = [aws_s3_object.presets]
}

# says: Each needs a width or a height
run "presets_no_size" {
  command = plan

  variables {
    presets = "tests/fixtures/no-size.yaml"
  }

  expect_failures = [aws_s3_object.presets]
}

# says: of 1 to 16383 pixels
run "presets_too_wide" {
  command = plan

  variables {
    presets = "tests/fixtures/too-wide.yaml"
  }

  expect_failures = [aws_s3_object.presets]
}

# says: Every fit but inside needs width and height
run "presets_one_side" {
  command = plan

  variables {
    presets = "tests/fixtures/one-side.yaml"
  }

  expect_failures = [aws_s3_object.presets]
}

# says: presets an unknown fit or format
run "presets_unknown_format" {
  command = plan

  variables {
    presets = "tests/fixtures/unknown-format.yaml"
  }

  expect_failures = [aws_s3_object.presets]
}

# says: one of {name} and {file} once each
run "presets_no_name_in_key" {
  command = plan

  variables {
    presets = "tests/fixtures/no-name-in-key.yaml"
  }

  expect_failures = [aws_s3_object.presets]
}

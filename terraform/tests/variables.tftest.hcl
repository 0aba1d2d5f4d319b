# A bad value of every variable that is not a bool is refused. `says` is part of the sentence that the user reads; the Go
# tests hold the module to it.

mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  bucket  = "photos"
  package = "tests/fixtures/resize.zip"
  presets = "../presets.yaml"
}

# says: it must be 2 to 40 lower-case letters, digits and hyphens
run "name" {
  command = plan

  variables {
    name = "Presize!"
  }

  expect_failures = [var.name]
}

# says: Names of roles and rules
run "name_too_long" {
  command = plan

  variables {
    name = "presize-presize-presize-presize-presize-"
  }

  expect_failures = [var.name]
}

# says: run `make package`
run "package_missing" {
  command = plan

  variables {
    package = "tests/fixtures/nowhere.zip"
  }

  expect_failures = [var.package]
}

# says: where there is no zip
run "package_no_zip" {
  command = plan

  variables {
    package = "tests/fixtures/overlap.yaml"
  }

  expect_failures = [var.package]
}

# says: give the path of presets.yaml
run "presets_missing" {
  command = plan

  variables {
    presets = "tests/fixtures/nowhere.yaml"
  }

  expect_failures = [var.presets]
}

# says: where there is no YAML file of settings
run "presets_not_yaml" {
  command = plan

  variables {
    presets = "tests/fixtures/not-yaml.yaml"
  }

  expect_failures = [var.presets]
}

# says: it must be arm64 or x86_64
run "architecture" {
  command = plan

  variables {
    architecture = "amd64"
  }

  expect_failures = [var.architecture]
}

# says: give the zip of this architecture
run "architecture_of_another_package" {
  command = plan

  variables {
    package = "tests/fixtures/resize-x86_64.zip"
  }

  expect_failures = [var.architecture]
}

# says: do not begin with aws:
run "tags" {
  command = plan

  variables {
    tags = { "aws:owner" = "me" }
  }

  expect_failures = [var.tags]
}

# says: it must be a bucket's name alone (no s3://, no ARN)
run "bucket" {
  command = plan

  variables {
    bucket = "s3://photos"
  }

  expect_failures = [var.bucket]
}

# says: 3 to 63 lower-case letters, digits, dots and hyphens
run "bucket_two_dots" {
  command = plan

  variables {
    bucket = "photos..example"
  }

  expect_failures = [var.bucket]
}

# says: must be a policy document in JSON with a Statement
run "bucket_policy_json" {
  command = plan

  variables {
    bucket_policy_json = "allow everything"
  }

  expect_failures = [var.bucket_policy_json]
}

# says: it must be empty or a bucket's name alone
run "destination_bucket" {
  command = plan

  variables {
    destination_bucket = "Photos_Resized"
  }

  expect_failures = [var.destination_bucket]
}

# says: leave it empty to keep the variants there
run "destination_bucket_is_the_source" {
  command = plan

  variables {
    destination_bucket = "photos"
  }

  expect_failures = [var.destination_bucket]
}

# says: not an alias: IAM permissions name keys
run "kms_key_arn" {
  command = plan

  variables {
    kms_key_arn = "alias/photos"
  }

  expect_failures = [var.kms_key_arn]
}

# says: it must be direct, queue or eventbridge
run "trigger" {
  command = plan

  variables {
    trigger = "sns"
  }

  expect_failures = [var.trigger]
}

# says: Lambda retries an event 0, 1 or 2 times
run "async_retries" {
  command = plan

  variables {
    async = { retries = 3 }
  }

  expect_failures = [var.async]
}

# says: Lambda keeps an event for 60 to 21600 seconds
run "async_event_age" {
  command = plan

  variables {
    async = { event_age_seconds = 30 }
  }

  expect_failures = [var.async]
}

# says: a batch holds 1 to 10000 messages
run "queue_batch_size" {
  command = plan

  variables {
    queue = { batch_size = 0 }
  }

  expect_failures = [var.queue]
}

# says: a batch gathers for 0 to 300 seconds
run "queue_batching_window" {
  command = plan

  variables {
    queue = { batching_window_seconds = 301 }
  }

  expect_failures = [var.queue]
}

# says: set queue.batching_window_seconds to 1 or more
run "queue_large_batch_without_window" {
  command = plan

  variables {
    queue = { batch_size = 11 }
  }

  expect_failures = [var.queue]
}

# says: SQS invokes a function 2 to 1000 times at once
run "queue_maximum_concurrency" {
  command = plan

  variables {
    queue = { maximum_concurrency = 1 }
  }

  expect_failures = [var.queue]
}

# says: it must be 1 to 1000, and 5 or more is wise
run "queue_maximum_receives" {
  command = plan

  variables {
    queue = { maximum_receives = 0 }
  }

  expect_failures = [var.queue]
}

# says: SQS keeps messages for 1 to 14 days
run "queue_retention" {
  command = plan

  variables {
    queue = { retention_days = 15 }
  }

  expect_failures = [var.queue]
}

# says: which builds it beside that of resize
run "cleanup_package_missing" {
  command = plan

  variables {
    cleanup = { package = "tests/fixtures/nowhere.zip" }
  }

  expect_failures = [var.cleanup]
}

# says: or give its path as cleanup.package
run "cleanup_package_not_beside_the_other" {
  command = plan

  variables {
    package = "tests/fixtures/renamed.zip"
  }

  expect_failures = [var.cleanup]
}

# says: give the zip of the same architecture
run "cleanup_package_of_another_architecture" {
  command = plan

  variables {
    cleanup = { package = "tests/fixtures/cleanup-x86_64.zip" }
  }

  expect_failures = [var.cleanup]
}

# says: it must be a whole number of seconds from 3 to 900
run "cleanup_timeout" {
  command = plan

  variables {
    cleanup = { timeout = 1 }
  }

  expect_failures = [var.cleanup]
}

# says: a batch holds 1 to 10000 removals
run "cleanup_batch_size" {
  command = plan

  variables {
    cleanup = { batch_size = 10001 }
  }

  expect_failures = [var.cleanup]
}

# says: removals gather for 0 to 300 seconds
run "cleanup_batching_window" {
  command = plan

  variables {
    cleanup = { batching_window_seconds = 301 }
  }

  expect_failures = [var.cleanup]
}

# says: set cleanup.batching_window_seconds to 1 or more
run "cleanup_large_batch_without_window" {
  command = plan

  variables {
    cleanup = { batching_window_seconds = 0 }
  }

  expect_failures = [var.cleanup]
}

# says: and 2 make the largest batches
run "cleanup_maximum_concurrency" {
  command = plan

  variables {
    cleanup = { maximum_concurrency = 1 }
  }

  expect_failures = [var.cleanup]
}

# says: completion.topic_arn is
run "completion_topic_arn" {
  command = plan

  variables {
    completion = { topic_arn = "completions" }
  }

  expect_failures = [var.completion]
}

# says: give one of the two
run "completion_two_topics" {
  command = plan

  variables {
    completion = { topic = true, topic_arn = "arn:aws:sns:eu-west-1:123456789012:theirs" }
  }

  expect_failures = [var.completion]
}

# says: it must be a bus's name, such as default, or its ARN
run "completion_event_bus" {
  command = plan

  variables {
    completion = { event_bus = "arn:aws:events:eu-west-1:123456789012:rule/media" }
  }

  expect_failures = [var.completion]
}

# says: SQS keeps messages for 1 to 14 days
run "dead_letter_retention_days" {
  command = plan

  variables {
    dead_letter_retention_days = 15
  }

  expect_failures = [var.dead_letter_retention_days]
}

# says: it must be a whole number of MB from 256
run "memory_size" {
  command = plan

  variables {
    memory_size = 128
  }

  expect_failures = [var.memory_size]
}

# says: it must be a whole number of seconds from 3 to 900
run "timeout" {
  command = plan

  variables {
    timeout = 901
  }

  expect_failures = [var.timeout]
}

# says: it must be a whole number of MB from 512 to 10240
run "ephemeral_storage" {
  command = plan

  variables {
    ephemeral_storage = 100
  }

  expect_failures = [var.ephemeral_storage]
}

# says: 0 to stop both functions, or -1 for no cap
run "reserved_concurrency" {
  command = plan

  variables {
    reserved_concurrency = -2
  }

  expect_failures = [var.reserved_concurrency]
}

# says: it must be DEBUG, INFO, WARN or ERROR
run "log_level" {
  command = plan

  variables {
    log_level = "info"
  }

  expect_failures = [var.log_level]
}

# says: CloudWatch takes 1, 3, 5, 7, 14, 30
run "log_retention_days" {
  command = plan

  variables {
    log_retention_days = 31
  }

  expect_failures = [var.log_retention_days]
}

# says: not begin with AWS/, which is Amazon's own
run "metrics_namespace" {
  command = plan

  variables {
    metrics_namespace = "AWS/Presize"
  }

  expect_failures = [var.metrics_namespace]
}

# says: it must be the ARN of a policy
run "permissions_boundary_arn" {
  command = plan

  variables {
    permissions_boundary_arn = "boundary"
  }

  expect_failures = [var.permissions_boundary_arn]
}

# says: it must be oai or oac
run "origin_access" {
  command = plan

  variables {
    origin_access = "public"
  }

  expect_failures = [var.origin_access]
}

# says: each must be a host name in lower case
run "cdn_aliases" {
  command = plan

  variables {
    cdn = { aliases = ["https://img.example.com"] }
  }

  expect_failures = [var.cdn]
}

# says: it must be the ARN of an ACM certificate
run "cdn_certificate" {
  command = plan

  variables {
    cdn = { certificate_arn = "img.example.com" }
  }

  expect_failures = [var.cdn]
}

# says: it must be PriceClass_100 (North America and Europe)
run "cdn_price_class" {
  command = plan

  variables {
    cdn = { price_class = "cheap" }
  }

  expect_failures = [var.cdn]
}

# says: CloudFront takes the ARN of a WAFv2 web ACL of scope CLOUDFRONT
run "cdn_web_acl" {
  command = plan

  variables {
    cdn = { web_acl_arn = "arn:aws:wafv2:eu-west-1:123456789012:regional/webacl/a/b" }
  }

  expect_failures = [var.cdn]
}

# says: each must be * or an origin such as https://example.com
run "cdn_cors_origins" {
  command = plan

  variables {
    cdn = { cors_origins = ["example.com/path"] }
  }

  expect_failures = [var.cdn]
}

# says: a variant that was asked for before it was made stays missing
run "cdn_error_ttl" {
  command = plan

  variables {
    cdn = { error_ttl = 86400 }
  }

  expect_failures = [var.cdn]
}

# says: of a bucket with ACLs enabled
run "cdn_log_bucket" {
  command = plan

  variables {
    cdn = { log_bucket = "s3://logs" }
  }

  expect_failures = [var.cdn]
}

# says: it must be 1 to 255 letters, digits
run "cdn_log_prefix" {
  command = plan

  variables {
    cdn = { log_prefix = "" }
  }

  expect_failures = [var.cdn]
}

# says: it must be like https://images.example.com
run "cdn_base_url" {
  command = plan

  variables {
    cdn = { base_url = "images.example.com" }
  }

  expect_failures = [var.cdn]
}

# says: it must be a distribution's ID
run "cdn_distribution_id" {
  command = plan

  variables {
    cdn = { enabled = false, distribution_id = "d111111abcdef8.cloudfront.net" }
  }

  expect_failures = [var.cdn]
}

# says: with cdn.enabled the module has one
run "cdn_two_distributions" {
  command = plan

  variables {
    cdn = { distribution_id = "E3THEIRS" }
  }

  expect_failures = [var.cdn]
}

# says: it must be the ARN of an SNS topic
run "alarms_topic" {
  command = plan

  variables {
    alarms = { topic_arn = "alarms" }
  }

  expect_failures = [var.alarms]
}

# says: each must be an e-mail address
run "alarms_emails" {
  command = plan

  variables {
    alarms = { emails = ["me"] }
  }

  expect_failures = [var.alarms]
}

# says: subscribe them to that topic where it is made
run "alarms_emails_of_another_topic" {
  command = plan

  variables {
    alarms = { emails = ["me@example.com"], topic_arn = "arn:aws:sns:eu-west-1:123456789012:ops" }
  }

  expect_failures = [var.alarms]
}

# says: some uploads above your busiest hour
run "alarms_invocations" {
  command = plan

  variables {
    alarms = { invocations_per_hour = 0 }
  }

  expect_failures = [var.alarms]
}

# says: it must be 10 to 99 percent of the timeout
run "alarms_duration" {
  command = plan

  variables {
    alarms = { duration_percent = 100 }
  }

  expect_failures = [var.alarms]
}

# says: it must be 60 or more
run "alarms_age" {
  command = plan

  variables {
    alarms = { age_seconds = 5 }
  }

  expect_failures = [var.alarms]
}

# says: each must be 0 or more dollars
run "prices" {
  command = plan

  variables {
    prices = { thousand_puts = -1 }
  }

  expect_failures = [var.prices]
}

# says: it must be 0, for none, or dollars a month
run "budget_amount" {
  command = plan

  variables {
    budget = { monthly_usd = -5 }
  }

  expect_failures = [var.budget]
}

# says: it must be 1 to 100 percent of the budget
run "budget_percent" {
  command = plan

  variables {
    budget = { percent = 0 }
  }

  expect_failures = [var.budget]
}

# says: must each be empty or the address of a folder
run "backfill_place_without_a_folder" {
  command = plan

  variables {
    backfill = { manifests = "s3://lists/" }
  }

  expect_failures = [var.backfill]
}

# says: must each be empty or the address of a folder
run "backfill_place_of_everything" {
  command = plan

  variables {
    backfill = { reports = "s3://lists/*/" }
  }

  expect_failures = [var.backfill]
}

# says: it must be at most ten e-mail addresses
run "budget_emails" {
  command = plan

  variables {
    budget = { emails = ["me"] }
  }

  expect_failures = [var.budget]
}

# says: budget would warn nobody
run "budget_warns_nobody" {
  command = plan

  variables {
    alarms = { enabled = false }
    budget = { monthly_usd = 20 }
  }

  expect_failures = [var.budget]
}

# What everything is called, what is deployed, and which presets.

variable "name" {
  description = "Prefix of the name of everything the module creates, except buckets."
  type        = string
  default     = "presize"
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,38}[a-z0-9]$", var.name))
    error_message = "name is \"${var.name}\"; it must be 2 to 40 lower-case letters, digits and hyphens, begin with a letter and not end in a hyphen. Names of roles and rules, which are made of it, end at 64 characters."
  }
}

variable "package" {
  description = "Path of the function's zip, as `make package` writes it: `.build/package/resize-arm64.zip`. That of cleanup is looked for beside it."
  type        = string
  nullable    = false

  validation {
    condition     = endswith(var.package, ".zip") && fileexists(var.package)
    error_message = "package is \"${var.package}\", where there is no zip; run `make package` and give the path that it prints."
  }
}

variable "presets" {
  description = "Path of presets.yaml. The function reads this file from the bucket, and its prefixes, the trigger's filter and the permissions all come from it."
  type        = string
  nullable    = false

  validation {
    condition     = fileexists(var.presets) && can(keys(yamldecode(file(var.presets))))
    error_message = "presets is \"${var.presets}\", where there is no YAML file of settings; give the path of presets.yaml, and run `make check` on what is in it."
  }
}

variable "architecture" {
  description = "Processor of the function: `arm64` or `x86_64`, as the package was built for. arm64 costs a fifth less per second."
  type        = string
  default     = "arm64"
  nullable    = false

  validation {
    condition     = contains(["arm64", "x86_64"], var.architecture)
    error_message = "architecture is \"${var.architecture}\"; it must be arm64 or x86_64."
  }

  validation {
    condition     = !strcontains(basename(var.package), { arm64 = "x86_64", x86_64 = "arm64" }[contains(["arm64", "x86_64"], var.architecture) ? var.architecture : "arm64"])
    error_message = "architecture is ${var.architecture}, but the package is \"${basename(var.package)}\"; Lambda would start it and fail: give the zip of this architecture."
  }
}

variable "tags" {
  description = "Tags of everything that takes tags, besides `Presize = <name>`."
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition     = length(var.tags) <= 40 && alltrue([for key, value in var.tags : can(regex("^[\\w .:/=+@-]{1,128}$", key)) && length(value) <= 256 && !startswith(lower(key), "aws:")])
    error_message = "tags hold what AWS does not take: at most 40, keys of 1 to 128 letters, digits, spaces and _ . : / = + - @ that do not begin with aws:, values of at most 256 characters."
  }
}

# Buckets.

variable "bucket" {
  description = "Name of the bucket of the originals; also of the variants, unless `destination_bucket` is given."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$", var.bucket)) && !strcontains(var.bucket, "..")
    error_message = "bucket is \"${var.bucket}\"; it must be a bucket's name alone (no s3://, no ARN): 3 to 63 lower-case letters, digits, dots and hyphens."
  }
}

variable "create_bucket" {
  description = "Whether the module creates `bucket`. With false it takes the one that exists in this account and region, and leaves its settings alone."
  type        = bool
  default     = true
  nullable    = false
}

variable "owns_bucket_notifications" {
  description = "Whether the notification configuration of an existing bucket is the module's to replace. S3 has one per bucket, and Terraform writes it whole: anything else that is in it is lost."
  type        = bool
  default     = false
  nullable    = false
}

variable "owns_bucket_policy" {
  description = "Whether the bucket policy of existing buckets is the module's to replace. With false, merge the output `bucket_policy_statements` into it by hand."
  type        = bool
  default     = false
  nullable    = false
}

variable "bucket_policy_json" {
  description = "A policy document whose statements join those of every bucket policy that the module writes."
  type        = string
  default     = ""
  nullable    = false

  validation {
    condition     = var.bucket_policy_json == "" || can(jsondecode(var.bucket_policy_json).Statement)
    error_message = "bucket_policy_json must be a policy document in JSON with a Statement, such as the json of an aws_iam_policy_document."
  }
}

variable "destination_bucket" {
  description = "Name of a bucket of its own for the variants, such as `photos-resized`. Empty: they stand beside the originals."
  type        = string
  default     = ""
  nullable    = false

  validation {
    condition     = var.destination_bucket == "" || can(regex("^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$", var.destination_bucket)) && !strcontains(var.destination_bucket, "..")
    error_message = "destination_bucket is \"${var.destination_bucket}\"; it must be empty or a bucket's name alone (no s3://, no ARN): 3 to 63 lower-case letters, digits, dots and hyphens."
  }

  validation {
    condition     = var.destination_bucket != var.bucket
    error_message = "destination_bucket is the bucket of the originals; leave it empty to keep the variants there, below their own prefix, or name another one."
  }
}

variable "create_destination_bucket" {
  description = "Whether the module creates `destination_bucket`."
  type        = bool
  default     = true
  nullable    = false
}

variable "versioning" {
  description = "Whether buckets that the module creates keep former versions, for 30 days."
  type        = bool
  default     = false
  nullable    = false
}

variable "force_destroy" {
  description = "Whether `terraform destroy` may delete buckets that the module created with everything in them."
  type        = bool
  default     = false
  nullable    = false
}

variable "kms_key_arn" {
  description = "ARN of the KMS key that the buckets encrypt with. Empty: S3's own keys (SSE-S3). The key's policy must admit this account's IAM policies, and the output `kms_key_policy_statements` when the CDN reads."
  type        = string
  default     = ""
  nullable    = false

  validation {
    condition     = var.kms_key_arn == "" || can(regex("^arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:key/[A-Za-z0-9-]+$", var.kms_key_arn))
    error_message = "kms_key_arn is \"${var.kms_key_arn}\"; it must be the ARN of a key, arn:aws:kms:<region>:<account>:key/<id>, not an alias: IAM permissions name keys."
  }
}

# How uploads reach the function.

variable "trigger" {
  description = "How uploads reach the function: `direct` (S3 invokes it), `queue` (through SQS: bursts wait, batches fail in part) or `eventbridge` (by a rule, for live buckets: the notification configuration stays as it is)."
  type        = string
  default     = "direct"
  nullable    = false

  validation {
    condition     = contains(["direct", "queue", "eventbridge"], var.trigger)
    error_message = "trigger is \"${var.trigger}\"; it must be direct, queue or eventbridge."
  }
}

variable "async" {
  description = "How Lambda retries `direct` and `eventbridge` events before they go to the dead letters."
  type = object({
    retries           = optional(number, 2)     # 0 to 2, after one and two minutes
    event_age_seconds = optional(number, 21600) # 60 to 21600: how long a throttled event is kept
  })
  default  = {}
  nullable = false

  validation {
    condition     = contains([0, 1, 2], var.async.retries)
    error_message = "async.retries is ${var.async.retries}; Lambda retries an event 0, 1 or 2 times."
  }

  validation {
    condition     = var.async.event_age_seconds >= 60 && var.async.event_age_seconds <= 21600 && floor(var.async.event_age_seconds) == var.async.event_age_seconds
    error_message = "async.event_age_seconds is ${var.async.event_age_seconds}; Lambda keeps an event for 60 to 21600 seconds."
  }
}

variable "queue" {
  description = "The queue of the trigger `queue`."
  type = object({
    batch_size              = optional(number, 5)  # 1 to 10000 messages an invocation; above 10 a batching window is needed
    batching_window_seconds = optional(number, 0)  # 0 to 300: how long a batch may gather
    maximum_concurrency     = optional(number, 50) # 2 to 1000 invocations at a time
    maximum_receives        = optional(number, 5)  # 1 to 1000: then a message is a dead letter; below 5 a burst's throttles count
    retention_days          = optional(number, 4)  # 1 to 14
  })
  default  = {}
  nullable = false

  validation {
    condition     = var.queue.batch_size >= 1 && var.queue.batch_size <= 10000 && floor(var.queue.batch_size) == var.queue.batch_size
    error_message = "queue.batch_size is ${var.queue.batch_size}; a batch holds 1 to 10000 messages."
  }

  validation {
    condition     = var.queue.batching_window_seconds >= 0 && var.queue.batching_window_seconds <= 300 && floor(var.queue.batching_window_seconds) == var.queue.batching_window_seconds
    error_message = "queue.batching_window_seconds is ${var.queue.batching_window_seconds}; a batch gathers for 0 to 300 seconds."
  }

  validation {
    condition     = var.queue.batch_size <= 10 || var.queue.batching_window_seconds >= 1
    error_message = "queue.batch_size is ${var.queue.batch_size}; above 10 SQS needs a batching window: set queue.batching_window_seconds to 1 or more."
  }

  validation {
    condition     = var.queue.maximum_concurrency >= 2 && var.queue.maximum_concurrency <= 1000 && floor(var.queue.maximum_concurrency) == var.queue.maximum_concurrency
    error_message = "queue.maximum_concurrency is ${var.queue.maximum_concurrency}; SQS invokes a function 2 to 1000 times at once."
  }

  validation {
    condition     = var.queue.maximum_receives >= 1 && var.queue.maximum_receives <= 1000 && floor(var.queue.maximum_receives) == var.queue.maximum_receives
    error_message = "queue.maximum_receives is ${var.queue.maximum_receives}; it must be 1 to 1000, and 5 or more is wise."
  }

  validation {
    condition     = var.queue.retention_days >= 1 && var.queue.retention_days <= 14
    error_message = "queue.retention_days is ${var.queue.retention_days}; SQS keeps messages for 1 to 14 days here."
  }
}

variable "cleanup" {
  description = "The function that takes away the variants of removed originals, and the queue in which removals wait for it, whatever the trigger is. Without it variants stay when their originals go, and with them deleted users' photos."
  type = object({
    enabled                 = optional(bool, true)
    package                 = optional(string, "")  # path of its zip; empty: beside `package`, with cleanup for resize in its name
    timeout                 = optional(number, 120) # 3 to 900 seconds; it may have to wait for CloudFront
    batch_size              = optional(number, 500) # 1 to 10000 removals an invocation, with one request to CloudFront for all of them
    batching_window_seconds = optional(number, 5)   # 0 to 300: how long a batch may gather
    maximum_concurrency     = optional(number, 2)   # 2 to 1000 invocations at a time
  })
  default  = {}
  nullable = false

  validation {
    # What is wrong with package is said there.
    condition = !var.cleanup.enabled || !endswith(var.package, ".zip") || !fileexists(var.package) || (
      var.cleanup.package != "" ? endswith(var.cleanup.package, ".zip") && fileexists(var.cleanup.package) :
      strcontains(basename(var.package), "resize") && fileexists("${dirname(var.package)}/${replace(basename(var.package), "resize", "cleanup")}")
    )
    error_message = "cleanup has no zip at \"${var.cleanup.package != "" ? var.cleanup.package : "${dirname(var.package)}/${replace(basename(var.package), "resize", "cleanup")}"}\"; run `make package`, which builds it beside that of resize, or give its path as cleanup.package."
  }

  validation {
    condition     = !strcontains(basename(var.cleanup.package), { arm64 = "x86_64", x86_64 = "arm64" }[contains(["arm64", "x86_64"], var.architecture) ? var.architecture : "arm64"])
    error_message = "cleanup.package is \"${basename(var.cleanup.package)}\", but architecture is ${var.architecture}; give the zip of the same architecture as resize's."
  }

  validation {
    condition     = var.cleanup.timeout >= 3 && var.cleanup.timeout <= 900 && floor(var.cleanup.timeout) == var.cleanup.timeout
    error_message = "cleanup.timeout is ${var.cleanup.timeout}; it must be a whole number of seconds from 3 to 900, Lambda's most."
  }

  validation {
    condition     = var.cleanup.batch_size >= 1 && var.cleanup.batch_size <= 10000 && floor(var.cleanup.batch_size) == var.cleanup.batch_size
    error_message = "cleanup.batch_size is ${var.cleanup.batch_size}; a batch holds 1 to 10000 removals."
  }

  validation {
    condition     = var.cleanup.batching_window_seconds >= 0 && var.cleanup.batching_window_seconds <= 300 && floor(var.cleanup.batching_window_seconds) == var.cleanup.batching_window_seconds
    error_message = "cleanup.batching_window_seconds is ${var.cleanup.batching_window_seconds}; removals gather for 0 to 300 seconds."
  }

  validation {
    condition     = var.cleanup.batch_size <= 10 || var.cleanup.batching_window_seconds >= 1
    error_message = "cleanup.batch_size is ${var.cleanup.batch_size}; above 10 SQS needs a batching window: set cleanup.batching_window_seconds to 1 or more."
  }

  validation {
    condition     = var.cleanup.maximum_concurrency >= 2 && var.cleanup.maximum_concurrency <= 1000 && floor(var.cleanup.maximum_concurrency) == var.cleanup.maximum_concurrency
    error_message = "cleanup.maximum_concurrency is ${var.cleanup.maximum_concurrency}; SQS invokes a function 2 to 1000 times at once, and 2 make the largest batches."
  }
}

variable "completion" {
  description = "Who is told, once every preset of an original has its verdict, and of removals: an SNS topic, an EventBridge bus, both, or by default nobody."
  type = object({
    topic     = optional(bool, false) # an SNS topic that the module creates, under kms_key_arn if there is one
    topic_arn = optional(string, "")  # or one that exists, FIFO or not
    event_bus = optional(string, "")  # name or ARN of an EventBridge bus that exists, such as default
  })
  default  = {}
  nullable = false

  validation {
    condition     = var.completion.topic_arn == "" || can(regex("^arn:aws[a-z-]*:sns:[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9_-]+(\\.fifo)?$", var.completion.topic_arn))
    error_message = "completion.topic_arn is \"${var.completion.topic_arn}\"; it must be the ARN of a topic, arn:aws:sns:<region>:<account>:<name>."
  }

  validation {
    condition     = !var.completion.topic || var.completion.topic_arn == ""
    error_message = "completion.topic is a topic that the module creates and completion.topic_arn one that exists; give one of the two."
  }

  validation {
    condition     = var.completion.event_bus == "" || can(regex("^([/.A-Za-z0-9_-]{1,256}|arn:aws[a-z-]*:events:[a-z0-9-]+:[0-9]{12}:event-bus/[/.A-Za-z0-9_-]{1,256})$", var.completion.event_bus))
    error_message = "completion.event_bus is \"${var.completion.event_bus}\"; it must be a bus's name, such as default, or its ARN, arn:aws:events:<region>:<account>:event-bus/<name>."
  }
}

variable "dead_letter_retention_days" {
  description = "How long a dead letter is kept, in days."
  type        = number
  default     = 14
  nullable    = false

  validation {
    condition     = var.dead_letter_retention_days >= 1 && var.dead_letter_retention_days <= 14
    error_message = "dead_letter_retention_days is ${var.dead_letter_retention_days}; SQS keeps messages for 1 to 14 days here."
  }
}

# The function.

variable "memory_size" {
  description = "Memory of the functions in MB. 1769 is one whole processor; more than that is a second one, which renders presets side by side."
  type        = number
  default     = 1769
  nullable    = false

  validation {
    condition     = var.memory_size >= 256 && var.memory_size <= 10240 && floor(var.memory_size) == var.memory_size
    error_message = "memory_size is ${var.memory_size}; it must be a whole number of MB from 256 (a photo needs 100 to 280) to 10240."
  }
}

variable "timeout" {
  description = "Timeout of the function in seconds. The function stops a second before it, with an error that says so."
  type        = number
  default     = 60
  nullable    = false

  validation {
    condition     = var.timeout >= 3 && var.timeout <= 900 && floor(var.timeout) == var.timeout
    error_message = "timeout is ${var.timeout}; it must be a whole number of seconds from 3 to 900, Lambda's most."
  }
}

variable "ephemeral_storage" {
  description = "Size of the function's /tmp in MB. It renders in memory; 512 costs nothing."
  type        = number
  default     = 512
  nullable    = false

  validation {
    condition     = var.ephemeral_storage >= 512 && var.ephemeral_storage <= 10240 && floor(var.ephemeral_storage) == var.ephemeral_storage
    error_message = "ephemeral_storage is ${var.ephemeral_storage}; it must be a whole number of MB from 512 to 10240."
  }
}

variable "reserved_concurrency" {
  description = "How many invocations run at once at most: what a flood of uploads, or a loop, can cost. It is taken from the account's limit, and `cleanup.maximum_concurrency` besides; -1 takes nothing and caps nothing, for accounts whose limit is still 10; 0 stops both functions."
  type        = number
  default     = 50
  nullable    = false

  validation {
    condition     = var.reserved_concurrency >= -1 && floor(var.reserved_concurrency) == var.reserved_concurrency
    error_message = "reserved_concurrency is ${var.reserved_concurrency}; it must be a whole number: 1 or more, 0 to stop both functions, or -1 for no cap."
  }
}

variable "tracing" {
  description = "Whether AWS X-Ray traces the function, which costs money."
  type        = bool
  default     = false
  nullable    = false
}

variable "log_level" {
  description = "Least level of the function's own log lines: `DEBUG`, `INFO`, `WARN` or `ERROR`. At INFO every original has one line."
  type        = string
  default     = "INFO"
  nullable    = false

  validation {
    condition     = contains(["DEBUG", "INFO", "WARN", "ERROR"], var.log_level)
    error_message = "log_level is \"${var.log_level}\"; it must be DEBUG, INFO, WARN or ERROR."
  }
}

variable "log_retention_days" {
  description = "How long the function's log is kept, in days; 0 is for ever."
  type        = number
  default     = 30
  nullable    = false

  validation {
    condition     = contains([0, 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653], var.log_retention_days)
    error_message = "log_retention_days is ${var.log_retention_days}; CloudWatch takes 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288 or 3653, and 0 for ever."
  }
}

variable "metrics_namespace" {
  description = "CloudWatch namespace of the function's metrics; `none` turns them off."
  type        = string
  default     = "Presize"
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9][A-Za-z0-9._/#-]{0,254}$", var.metrics_namespace)) && !startswith(var.metrics_namespace, "AWS/")
    error_message = "metrics_namespace is \"${var.metrics_namespace}\"; it must be 1 to 255 letters, digits and . - _ / #, and not begin with AWS/, which is Amazon's own."
  }
}

variable "permissions_boundary_arn" {
  description = "ARN of the policy that bounds the function's role; empty for none."
  type        = string
  default     = ""
  nullable    = false

  validation {
    condition     = var.permissions_boundary_arn == "" || can(regex("^arn:aws[a-z-]*:iam::([0-9]{12}|aws):policy/.+$", var.permissions_boundary_arn))
    error_message = "permissions_boundary_arn is \"${var.permissions_boundary_arn}\"; it must be the ARN of a policy, arn:aws:iam::<account>:policy/<name>."
  }
}

# Presets over what is already there.

variable "backfill" {
  description = "The IAM role with which S3 Batch Operations invokes the function over originals that are already there: `backfill run --via batch`. The other ways need none."
  type = object({
    enabled   = optional(bool, false)
    manifests = optional(string, "") # s3://bucket/folder/ of the jobs' lists; empty: presize/<name>/backfill/manifests/ in `bucket`
    reports   = optional(string, "") # s3://bucket/folder/ of the jobs' reports; empty: presize/<name>/backfill/reports/ in `bucket`
    inventory = optional(string, "") # s3://bucket/folder/ of an S3 Inventory that serves as a list; empty: none
  })
  default  = {}
  nullable = false

  validation {
    condition     = alltrue([for place in [var.backfill.manifests, var.backfill.reports, var.backfill.inventory] : place == "" || can(regex("^s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]/[A-Za-z0-9!_.'()/-]+/$", place))])
    error_message = "backfill holds ${jsonencode(var.backfill)}; manifests, reports and inventory must each be empty or the address of a folder, s3://bucket/folder/, of letters, digits and ! _ . ' ( ) / -."
  }
}

# The CDN.

variable "origin_access" {
  description = "How CloudFront signs its reads: `oai` (origin access identity) or `oac` (origin access control, which SSE-KMS needs)."
  type        = string
  default     = "oai"
  nullable    = false

  validation {
    condition     = contains(["oai", "oac"], var.origin_access)
    error_message = "origin_access is \"${var.origin_access}\"; it must be oai or oac."
  }
}

variable "cdn" {
  description = "The CloudFront distribution in front of the variants."
  type = object({
    enabled         = optional(bool, true)
    aliases         = optional(list(string), [])             # own host names; they need certificate_arn
    certificate_arn = optional(string, "")                   # of ACM in us-east-1, where CloudFront looks
    price_class     = optional(string, "PriceClass_100")     # PriceClass_100, PriceClass_200 or PriceClass_All
    web_acl_arn     = optional(string, "")                   # of an AWS WAF web ACL of scope CLOUDFRONT
    cors_origins    = optional(list(string), ["*"])          # whose scripts may read the images; empty: no CORS headers
    error_ttl       = optional(number, 5)                    # seconds that a 403 or 404 is kept: a variant asked for too early
    log_bucket      = optional(string, "")                   # name of a bucket, with ACLs, for access logs; empty: none
    log_prefix      = optional(string, "presize-cdn-access") # folder of the access logs
    invalidate      = optional(bool, true)                   # forget what is overwritten or removed: an account's first 1,000 paths a month are free, then $0.005 each
    base_url        = optional(string, "")                   # what the URLs in manifests begin with; empty: https:// and this distribution's name
    distribution_id = optional(string, "")                   # with enabled = false: a CloudFront distribution of your own, to invalidate
  })
  default  = {}
  nullable = false

  validation {
    condition     = alltrue([for alias in var.cdn.aliases : can(regex("^(\\*\\.)?([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z]{2,63}$", alias))])
    error_message = "cdn.aliases holds ${jsonencode(var.cdn.aliases)}; each must be a host name in lower case, such as img.example.com, without https://."
  }

  validation {
    condition     = var.cdn.certificate_arn == "" || can(regex("^arn:aws[a-z-]*:acm:[a-z0-9-]+:[0-9]{12}:certificate/.+$", var.cdn.certificate_arn))
    error_message = "cdn.certificate_arn is \"${var.cdn.certificate_arn}\"; it must be the ARN of an ACM certificate, arn:aws:acm:us-east-1:<account>:certificate/<id>."
  }

  validation {
    condition     = contains(["PriceClass_100", "PriceClass_200", "PriceClass_All"], var.cdn.price_class)
    error_message = "cdn.price_class is \"${var.cdn.price_class}\"; it must be PriceClass_100 (North America and Europe), PriceClass_200 or PriceClass_All."
  }

  validation {
    condition     = var.cdn.web_acl_arn == "" || can(regex("^arn:aws[a-z-]*:wafv2:us-east-1:[0-9]{12}:global/webacl/.+$", var.cdn.web_acl_arn))
    error_message = "cdn.web_acl_arn is \"${var.cdn.web_acl_arn}\"; CloudFront takes the ARN of a WAFv2 web ACL of scope CLOUDFRONT, arn:aws:wafv2:us-east-1:<account>:global/webacl/<name>/<id>."
  }

  validation {
    condition     = alltrue([for origin in var.cdn.cors_origins : can(regex("^(\\*|https?://[A-Za-z0-9.*-]+(:[0-9]{1,5})?)$", origin))])
    error_message = "cdn.cors_origins holds ${jsonencode(var.cdn.cors_origins)}; each must be * or an origin such as https://example.com, without a path."
  }

  validation {
    condition     = var.cdn.error_ttl >= 0 && var.cdn.error_ttl <= 300
    error_message = "cdn.error_ttl is ${var.cdn.error_ttl}; it must be 0 to 300 seconds: longer, and a variant that was asked for before it was made stays missing."
  }

  validation {
    condition     = var.cdn.log_bucket == "" || can(regex("^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$", var.cdn.log_bucket))
    error_message = "cdn.log_bucket is \"${var.cdn.log_bucket}\"; it must be a bucket's name alone, of a bucket with ACLs enabled."
  }

  validation {
    condition     = can(regex("^[A-Za-z0-9!_.'()/-]{1,255}$", var.cdn.log_prefix))
    error_message = "cdn.log_prefix is \"${var.cdn.log_prefix}\"; it must be 1 to 255 letters, digits and ! - _ . ' ( ) /."
  }

  validation {
    condition     = var.cdn.base_url == "" || can(regex("^https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?(/[^?#]*)?$", var.cdn.base_url))
    error_message = "cdn.base_url is \"${var.cdn.base_url}\"; it must be like https://images.example.com or https://example.com/images, without a query."
  }

  validation {
    condition     = var.cdn.distribution_id == "" || can(regex("^[A-Z0-9]{2,32}$", var.cdn.distribution_id))
    error_message = "cdn.distribution_id is \"${var.cdn.distribution_id}\"; it must be a distribution's ID, such as E1A2B3C4D5E6F7."
  }

  validation {
    condition     = var.cdn.distribution_id == "" || !var.cdn.enabled
    error_message = "cdn.distribution_id is that of a distribution of your own; with cdn.enabled the module has one, and invalidates that."
  }
}

# What is watched, and what it costs.

variable "alarms" {
  description = "CloudWatch alarms and where they go."
  type = object({
    enabled              = optional(bool, true)
    topic_arn            = optional(string, "")       # an SNS topic that exists; empty: the module creates one
    emails               = optional(list(string), []) # subscribed to the module's topic; each has to confirm
    invocations_per_hour = optional(number, 10000)    # more than this looks like a loop
    duration_percent     = optional(number, 80)       # of the timeout
    age_seconds          = optional(number, 900)      # an upload or a removal that waits longer: in a queue, or in Lambda's own
  })
  default  = {}
  nullable = false

  validation {
    condition     = var.alarms.topic_arn == "" || can(regex("^arn:aws[a-z-]*:sns:[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9_-]+$", var.alarms.topic_arn))
    error_message = "alarms.topic_arn is \"${var.alarms.topic_arn}\"; it must be the ARN of an SNS topic, arn:aws:sns:<region>:<account>:<name>."
  }

  validation {
    condition     = alltrue([for email in var.alarms.emails : can(regex("^[^@\\s]+@[^@\\s]+\\.[^@\\s]+$", email))])
    error_message = "alarms.emails holds ${jsonencode(var.alarms.emails)}; each must be an e-mail address."
  }

  validation {
    condition     = length(var.alarms.emails) == 0 || var.alarms.topic_arn == ""
    error_message = "alarms.emails are subscribed to the module's own topic; with alarms.topic_arn, subscribe them to that topic where it is made."
  }

  validation {
    condition     = var.alarms.invocations_per_hour >= 1
    error_message = "alarms.invocations_per_hour is ${var.alarms.invocations_per_hour}; it must be 1 or more: some uploads above your busiest hour."
  }

  validation {
    condition     = var.alarms.duration_percent >= 10 && var.alarms.duration_percent <= 99
    error_message = "alarms.duration_percent is ${var.alarms.duration_percent}; it must be 10 to 99 percent of the timeout."
  }

  validation {
    condition     = var.alarms.age_seconds >= 60
    error_message = "alarms.age_seconds is ${var.alarms.age_seconds}; it must be 60 or more, as CloudWatch looks once a minute."
  }
}

variable "dashboard" {
  description = "Whether there is a CloudWatch dashboard: originals, variants, failures by reason, time by stage, dollars per day. An account's first three cost nothing."
  type        = bool
  default     = true
  nullable    = false
}

variable "prices" {
  description = "Prices in US dollars that the dashboard estimates with: us-east-1, first tier."
  type = object({
    gb_second_arm64  = optional(number, 0.0000133334)
    gb_second_x86_64 = optional(number, 0.0000166667)
    million_requests = optional(number, 0.20)   # Lambda
    thousand_puts    = optional(number, 0.005)  # S3 Standard
    thousand_gets    = optional(number, 0.0004) # S3 Standard
  })
  default  = {}
  nullable = false

  validation {
    condition     = alltrue([for name, price in var.prices : price >= 0])
    error_message = "prices holds ${jsonencode(var.prices)}; each must be 0 or more dollars."
  }
}

variable "budget" {
  description = "An AWS Budgets alarm on what is tagged `Presize = <name>`. Activate that cost allocation tag once, in the account that pays: `aws ce update-cost-allocation-tags-status --cost-allocation-tags-status TagKey=Presize,Status=Active`."
  type = object({
    monthly_usd = optional(number, 0)        # 0: no budget
    percent     = optional(number, 80)       # of it, spent, that warns; 100 percent forecast always does
    emails      = optional(list(string), []) # besides the alarms' topic, at most ten
  })
  default  = {}
  nullable = false

  validation {
    condition     = var.budget.monthly_usd >= 0
    error_message = "budget.monthly_usd is ${var.budget.monthly_usd}; it must be 0, for none, or dollars a month."
  }

  validation {
    condition     = var.budget.percent >= 1 && var.budget.percent <= 100
    error_message = "budget.percent is ${var.budget.percent}; it must be 1 to 100 percent of the budget."
  }

  validation {
    condition     = length(var.budget.emails) <= 10 && alltrue([for email in var.budget.emails : can(regex("^[^@\\s]+@[^@\\s]+\\.[^@\\s]+$", email))])
    error_message = "budget.emails holds ${jsonencode(var.budget.emails)}; it must be at most ten e-mail addresses."
  }

  validation {
    condition     = var.budget.monthly_usd == 0 || var.alarms.enabled || length(var.budget.emails) > 0
    error_message = "budget would warn nobody: add budget.emails, or enable the alarms, whose topic it uses."
  }
}

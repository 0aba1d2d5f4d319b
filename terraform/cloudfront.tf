locals {
  oai = var.cdn.enabled && var.origin_access == "oai"
  oac = var.cdn.enabled && var.origin_access == "oac"

  # Who reads variants: one identity, or CloudFront for one distribution.
  cdn_identity     = one(aws_cloudfront_origin_access_identity.this[*].iam_arn)
  distribution_arn = one(aws_cloudfront_distribution.this[*].arn)

  # The host name that people see: the first alias that is one.
  names      = [for alias in var.cdn.aliases : alias if !startswith(alias, "*.")]
  cdn_domain = !var.cdn.enabled ? "" : length(local.names) > 0 ? local.names[0] : aws_cloudfront_distribution.this[0].domain_name

  # What the functions write into manifests, and the distribution that they tell of changes: the module's, or the caller's own.
  links           = var.cdn.enabled || var.cdn.base_url != ""
  base_url        = var.cdn.base_url != "" || !var.cdn.enabled ? var.cdn.base_url : "https://${local.cdn_domain}"
  invalidates     = var.cdn.invalidate && (var.cdn.enabled || var.cdn.distribution_id != "")
  distribution_id = var.cdn.enabled ? one(aws_cloudfront_distribution.this[*].id) : var.cdn.distribution_id
}

data "aws_iam_policy_document" "invalidation" {
  count = local.invalidates ? 1 : 0

  statement {
    sid       = "ForgetOutdatedVariants"
    actions   = ["cloudfront:CreateInvalidation"]
    resources = ["arn:${local.partition}:cloudfront::${local.account}:distribution/${local.distribution_id}"]
  }
}

# Reads below resized/ and nothing else: a request for an original is refused by S3. So is one for a failure record, which holds
# an error's text, whatever else the bucket's policy allows.
data "aws_iam_policy_document" "cdn_reads" {
  count = var.cdn.enabled ? 1 : 0

  statement {
    sid       = "CDNReadsVariants"
    actions   = ["s3:GetObject"]
    resources = ["${local.variant_bucket_arn}/${local.resized}*"]

    principals {
      type        = local.oai ? "AWS" : "Service"
      identifiers = local.oai ? [local.cdn_identity] : ["cloudfront.amazonaws.com"]
    }

    dynamic "condition" {
      for_each = local.oac ? [1] : []

      content {
        test     = "StringEquals"
        variable = "aws:SourceArn"
        values   = [local.distribution_arn]
      }
    }

    # The distribution's ARN holds the account already, and CloudFront is not documented to send it by itself.
    dynamic "condition" {
      for_each = local.oac ? [1] : []

      content {
        test     = "StringEqualsIfExists"
        variable = "aws:SourceAccount"
        values   = [local.account]
      }
    }
  }

  statement {
    sid       = "NobodyReadsFailures"
    effect    = "Deny"
    actions   = ["s3:GetObject"]
    resources = ["${local.variant_bucket_arn}/${local.resized}failed/*.json"]

    principals {
      type        = local.oai ? "AWS" : "Service"
      identifiers = local.oai ? [local.cdn_identity] : ["cloudfront.amazonaws.com"]
    }
  }
}

resource "aws_cloudfront_origin_access_identity" "this" {
  count = local.oai ? 1 : 0

  comment = "${var.name} reads variants"
}

resource "aws_cloudfront_origin_access_control" "this" {
  count = local.oac ? 1 : 0

  name                              = "${var.name}-${local.region}"
  description                       = "${var.name} reads variants"
  origin_access_control_origin_type = "s3"
  signing_behavior                  = "always"
  signing_protocol                  = "sigv4"
}

# Variants are made of what strangers upload. A browser that opens one by itself runs nothing of it.
resource "aws_cloudfront_response_headers_policy" "this" {
  count = var.cdn.enabled ? 1 : 0

  name    = "${var.name}-${local.region}"
  comment = "${var.name}: images, and nothing but images"

  security_headers_config {
    content_type_options {
      override = true
    }

    content_security_policy {
      content_security_policy = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
      override                = true
    }

    strict_transport_security {
      access_control_max_age_sec = 31536000
      override                   = true
    }
  }

  # Lets pages that isolate themselves (COEP) show the images.
  custom_headers_config {
    items {
      header   = "Cross-Origin-Resource-Policy"
      value    = "cross-origin"
      override = true
    }
  }

  dynamic "cors_config" {
    for_each = length(var.cdn.cors_origins) > 0 ? [1] : []

    content {
      access_control_allow_credentials = false
      access_control_max_age_sec       = 86400
      origin_override                  = true

      access_control_allow_origins {
        items = var.cdn.cors_origins
      }

      access_control_allow_methods {
        items = ["GET", "HEAD"]
      }

      access_control_allow_headers {
        items = ["*"]
      }
    }
  }
}

# AWS's own Managed-CachingOptimized, but for v, the version in the URLs of manifests. Were it left out of the key, a browser that
# asks for the new version before the invalidation is through would be given the old bytes, and keep them for a year.
resource "aws_cloudfront_cache_policy" "this" {
  count = var.cdn.enabled ? 1 : 0

  name        = "${var.name}-${local.region}"
  comment     = "${var.name}: by path and v, for as long as Cache-Control says"
  min_ttl     = 1
  default_ttl = 86400
  max_ttl     = 31536000

  parameters_in_cache_key_and_forwarded_to_origin {
    enable_accept_encoding_brotli = true
    enable_accept_encoding_gzip   = true

    cookies_config {
      cookie_behavior = "none"
    }

    headers_config {
      header_behavior = "none"
    }

    query_strings_config {
      query_string_behavior = "whitelist"

      query_strings {
        items = ["v"]
      }
    }
  }
}

resource "aws_cloudfront_distribution" "this" {
  count = var.cdn.enabled ? 1 : 0

  comment         = "${var.name}: variants of ${var.bucket}"
  enabled         = true
  is_ipv6_enabled = true
  http_version    = "http2and3"
  price_class     = var.cdn.price_class
  aliases         = var.cdn.aliases
  web_acl_id      = var.cdn.web_acl_arn == "" ? null : var.cdn.web_acl_arn
  tags            = local.tags

  # No origin path: a URL's path is the variant's key.
  origin {
    origin_id                = "variants"
    domain_name              = "${local.bucket_names[local.variants_in]}.s3.${local.region}.${local.dns_suffix}"
    origin_access_control_id = local.oac ? aws_cloudfront_origin_access_control.this[0].id : null

    dynamic "s3_origin_config" {
      for_each = local.oai ? [1] : []

      content {
        origin_access_identity = aws_cloudfront_origin_access_identity.this[0].cloudfront_access_identity_path
      }
    }
  }

  default_cache_behavior {
    target_origin_id           = "variants"
    viewer_protocol_policy     = "https-only"
    allowed_methods            = ["GET", "HEAD"]
    cached_methods             = ["GET", "HEAD"]
    compress                   = true
    cache_policy_id            = aws_cloudfront_cache_policy.this[0].id
    response_headers_policy_id = aws_cloudfront_response_headers_policy.this[0].id
  }

  # S3 answers 403 for a variant that is not there yet, since the CDN may not list.
  dynamic "custom_error_response" {
    for_each = [403, 404]

    content {
      error_code            = custom_error_response.value
      error_caching_min_ttl = var.cdn.error_ttl
    }
  }

  restrictions {
    geo_restriction {
      restriction_type = "none"
    }
  }

  viewer_certificate {
    cloudfront_default_certificate = var.cdn.certificate_arn == ""
    acm_certificate_arn            = var.cdn.certificate_arn == "" ? null : var.cdn.certificate_arn
    ssl_support_method             = var.cdn.certificate_arn == "" ? null : "sni-only"
    minimum_protocol_version       = var.cdn.certificate_arn == "" ? "TLSv1" : "TLSv1.2_2021" # CloudFront's own name takes no other
  }

  dynamic "logging_config" {
    for_each = var.cdn.log_bucket == "" ? [] : [1]

    content {
      bucket          = "${var.cdn.log_bucket}.s3.${local.dns_suffix}"
      prefix          = var.cdn.log_prefix
      include_cookies = false
    }
  }

  lifecycle {
    precondition {
      condition     = var.cdn.certificate_arn == "" || try(split(":", var.cdn.certificate_arn)[3], "") == "us-east-1"
      error_message = "cdn.certificate_arn is of ${try(split(":", var.cdn.certificate_arn)[3], "nowhere")}; CloudFront takes certificates of us-east-1 only: request one there."
    }

    precondition {
      condition     = length(var.cdn.aliases) == 0 || var.cdn.certificate_arn != ""
      error_message = "cdn.aliases need cdn.certificate_arn: a certificate of ACM in us-east-1 that covers ${join(", ", var.cdn.aliases)}."
    }

    precondition {
      condition     = var.kms_key_arn == "" || var.origin_access == "oac"
      error_message = "kms_key_arn needs origin_access = \"oac\": an origin access identity cannot read what KMS has encrypted, and every image would be a 403."
    }

    precondition {
      condition     = var.cdn.log_bucket == "" || var.cdn.log_bucket != var.bucket || !startswith("${trimsuffix(var.cdn.log_prefix, "/")}/", local.originals)
      error_message = "cdn.log_prefix \"${var.cdn.log_prefix}\" lies within \"${local.originals}\" of the bucket of the originals: every access log would be taken for an upload. Choose another prefix or bucket."
    }
  }
}

# The CDN as the real provider plans it; what only CloudFront knows, the two identities' ARNs, is put in.

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

override_resource {
  target          = aws_cloudfront_origin_access_identity.this
  override_during = plan
  values = {
    iam_arn                         = "arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity E1EXAMPLE"
    cloudfront_access_identity_path = "origin-access-identity/cloudfront/E1EXAMPLE"
  }
}

override_resource {
  target          = aws_cloudfront_cache_policy.this
  override_during = plan
  values          = { id = "c1e2" }
}

variables {
  bucket  = "photos"
  package = "tests/fixtures/resize.zip"
  presets = "../presets.yaml"
}

run "oai_reads_variants_only" {
  command = plan

  assert {
    condition     = one(one(aws_cloudfront_distribution.this[0].origin).s3_origin_config).origin_access_identity == "origin-access-identity/cloudfront/E1EXAMPLE"
    error_message = "The origin is not read through the origin access identity."
  }

  assert {
    condition = jsonencode(jsondecode(aws_s3_bucket_policy.this["originals"].policy).Statement) == jsonencode([
      {
        Sid       = "OnlyTLS"
        Effect    = "Deny"
        Action    = "s3:*"
        Resource  = ["arn:aws:s3:::photos/*", "arn:aws:s3:::photos"]
        Principal = "*"
        Condition = { Bool = { "aws:SecureTransport" = "false" } }
      },
      {
        Sid       = "CDNReadsVariants"
        Effect    = "Allow"
        Action    = "s3:GetObject"
        Resource  = "arn:aws:s3:::photos/resized/*"
        Principal = { AWS = "arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity E1EXAMPLE" }
      },
      {
        Sid       = "NobodyReadsFailures"
        Effect    = "Deny"
        Action    = "s3:GetObject"
        Resource  = "arn:aws:s3:::photos/resized/failed/*.json"
        Principal = { AWS = "arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity E1EXAMPLE" }
      },
    ])
    error_message = "The CDN may read something else than variants: ${aws_s3_bucket_policy.this["originals"].policy}"
  }

  assert {
    condition = (
      aws_s3_bucket_public_access_block.this["originals"].block_public_acls &&
      aws_s3_bucket_public_access_block.this["originals"].block_public_policy &&
      aws_s3_bucket_public_access_block.this["originals"].ignore_public_acls &&
      aws_s3_bucket_public_access_block.this["originals"].restrict_public_buckets
    )
    error_message = "The bucket's public access is not blocked."
  }
}

run "https_http3_compressed_cached_by_path_and_version" {
  command = plan

  assert {
    condition = (
      one(aws_cloudfront_distribution.this[0].origin).domain_name == "photos.s3.eu-west-1.amazonaws.com" &&
      one(aws_cloudfront_distribution.this[0].origin).origin_path == "" &&
      length(aws_cloudfront_distribution.this[0].ordered_cache_behavior) == 0
    )
    error_message = "A URL's path is not the variant's key."
  }

  assert {
    condition = (
      one(aws_cloudfront_distribution.this[0].default_cache_behavior).viewer_protocol_policy == "https-only" &&
      aws_cloudfront_distribution.this[0].http_version == "http2and3" &&
      aws_cloudfront_distribution.this[0].is_ipv6_enabled &&
      one(aws_cloudfront_distribution.this[0].default_cache_behavior).compress &&
      one(aws_cloudfront_distribution.this[0].default_cache_behavior).cache_policy_id == "c1e2" &&
      one(aws_cloudfront_distribution.this[0].default_cache_behavior).allowed_methods == toset(["GET", "HEAD"])
    )
    error_message = "HTTPS only, HTTP/2 and 3, IPv6, compressed, by the module's cache policy, reads only."
  }

  assert {
    condition     = { for response in aws_cloudfront_distribution.this[0].custom_error_response : response.error_code => response.error_caching_min_ttl } == { 403 = 5, 404 = 5 }
    error_message = "A 403 or 404 fetched too early would stick."
  }

  # All of Managed-CachingOptimized, and v.
  assert {
    condition = jsonencode([
      for key in aws_cloudfront_cache_policy.this[0].parameters_in_cache_key_and_forwarded_to_origin : [
        key.query_strings_config[0].query_string_behavior, key.query_strings_config[0].query_strings[0].items, key.cookies_config[0].cookie_behavior,
        key.headers_config[0].header_behavior, key.enable_accept_encoding_brotli, key.enable_accept_encoding_gzip,
      ]
    ]) == jsonencode([["whitelist", ["v"], "none", "none", true, true]])
    error_message = "Copies go by something else than path and v: ${jsonencode(aws_cloudfront_cache_policy.this[0].parameters_in_cache_key_and_forwarded_to_origin)}"
  }

  assert {
    condition     = aws_cloudfront_cache_policy.this[0].min_ttl == 1 && aws_cloudfront_cache_policy.this[0].default_ttl == 86400 && aws_cloudfront_cache_policy.this[0].max_ttl == 31536000
    error_message = "Copies are kept for another time than Cache-Control says."
  }
}

run "headers" {
  command = plan

  assert {
    condition = (
      one(one(aws_cloudfront_response_headers_policy.this[0].security_headers_config).content_type_options).override &&
      one(one(aws_cloudfront_response_headers_policy.this[0].security_headers_config).content_security_policy).override &&
      one(one(aws_cloudfront_response_headers_policy.this[0].security_headers_config).content_security_policy).content_security_policy == "default-src 'none'; style-src 'unsafe-inline'; sandbox" &&
      one(one(aws_cloudfront_response_headers_policy.this[0].security_headers_config).strict_transport_security).access_control_max_age_sec == 31536000
    )
    error_message = "nosniff, a sandboxing CSP and HSTS."
  }

  assert {
    condition = (
      one(one(aws_cloudfront_response_headers_policy.this[0].cors_config).access_control_allow_origins).items == toset(["*"]) &&
      one(one(aws_cloudfront_response_headers_policy.this[0].cors_config).access_control_allow_methods).items == toset(["GET", "HEAD"]) &&
      !one(aws_cloudfront_response_headers_policy.this[0].cors_config).access_control_allow_credentials
    )
    error_message = "CORS: anyone may read, nobody with credentials."
  }

  assert {
    condition     = { for item in one(aws_cloudfront_response_headers_policy.this[0].custom_headers_config).items : item.header => item.value } == { Cross-Origin-Resource-Policy = "cross-origin" }
    error_message = "Cross-Origin-Resource-Policy."
  }
}

run "own_name_waf_and_logs" {
  command = plan

  variables {
    cdn = {
      aliases         = ["img.example.com"]
      certificate_arn = "arn:aws:acm:us-east-1:123456789012:certificate/abc"
      price_class     = "PriceClass_All"
      web_acl_arn     = "arn:aws:wafv2:us-east-1:123456789012:global/webacl/images/abc"
      cors_origins    = []
      error_ttl       = 1
      log_bucket      = "logs"
    }
  }

  assert {
    condition = (
      aws_cloudfront_distribution.this[0].aliases == toset(["img.example.com"]) &&
      one(aws_cloudfront_distribution.this[0].viewer_certificate).acm_certificate_arn == "arn:aws:acm:us-east-1:123456789012:certificate/abc" &&
      one(aws_cloudfront_distribution.this[0].viewer_certificate).minimum_protocol_version == "TLSv1.2_2021" &&
      one(aws_cloudfront_distribution.this[0].viewer_certificate).ssl_support_method == "sni-only" &&
      aws_cloudfront_distribution.this[0].price_class == "PriceClass_All" &&
      aws_cloudfront_distribution.this[0].web_acl_id == "arn:aws:wafv2:us-east-1:123456789012:global/webacl/images/abc"
    )
    error_message = "The own name, its certificate, the price class or the web ACL."
  }

  assert {
    condition     = one(aws_cloudfront_distribution.this[0].logging_config).bucket == "logs.s3.amazonaws.com"
    error_message = "Access logs go astray."
  }

  assert {
    condition     = length(aws_cloudfront_response_headers_policy.this[0].cors_config) == 0
    error_message = "CORS headers although no origin may read."
  }

  assert {
    condition     = output.example_urls["thumbnail"] == "https://img.example.com/resized/thumbnail/photos/cat.webp" && output.example_urls["small"] == "https://img.example.com/resized/small/photos/cat.jpg"
    error_message = "The URLs of photos/cat.jpg: ${jsonencode(output.example_urls)}"
  }
}

run "oac_reads_variants_only" {
  command = plan

  override_resource {
    target          = aws_cloudfront_distribution.this
    override_during = plan
    values = {
      id          = "E2EXAMPLE"
      arn         = "arn:aws:cloudfront::123456789012:distribution/E2EXAMPLE"
      domain_name = "d111111abcdef8.cloudfront.net"
    }
  }

  variables {
    origin_access      = "oac"
    kms_key_arn        = "arn:aws:kms:eu-west-1:123456789012:key/1234abcd"
    destination_bucket = "photos-resized"
    presets            = "tests/fixtures/other-layout.yaml"
  }

  assert {
    condition = jsonencode(jsondecode(aws_s3_bucket_policy.this["variants"].policy).Statement[1]) == jsonencode({
      Sid       = "CDNReadsVariants"
      Effect    = "Allow"
      Action    = "s3:GetObject"
      Resource  = "arn:aws:s3:::photos-resized/thumbs/v1/*"
      Principal = { Service = "cloudfront.amazonaws.com" }
      Condition = {
        StringEquals         = { "aws:SourceArn" = "arn:aws:cloudfront::123456789012:distribution/E2EXAMPLE" }
        StringEqualsIfExists = { "aws:SourceAccount" = "123456789012" }
      }
    })
    error_message = "Another distribution could read the variants: ${aws_s3_bucket_policy.this["variants"].policy}"
  }

  assert {
    condition = jsonencode(slice(jsondecode(aws_s3_bucket_policy.this["variants"].policy).Statement, 2, 3)) == jsonencode([{
      Sid       = "NobodyReadsFailures"
      Effect    = "Deny"
      Action    = "s3:GetObject"
      Resource  = "arn:aws:s3:::photos-resized/thumbs/v1/failed/*.json"
      Principal = { Service = "cloudfront.amazonaws.com" }
    }])
    error_message = "Failure records are read through the CDN: ${aws_s3_bucket_policy.this["variants"].policy}"
  }

  assert {
    condition     = length(jsondecode(aws_s3_bucket_policy.this["originals"].policy).Statement) == 1
    error_message = "The CDN may read the bucket of the originals: ${aws_s3_bucket_policy.this["originals"].policy}"
  }

  assert {
    condition = (
      length(aws_cloudfront_origin_access_identity.this) == 0 &&
      aws_cloudfront_origin_access_control.this[0].signing_behavior == "always" &&
      aws_cloudfront_origin_access_control.this[0].signing_protocol == "sigv4"
    )
    error_message = "Reads are not signed by the origin access control."
  }

  assert {
    condition     = jsondecode(output.kms_key_policy_statements).Statement[0].Condition.StringEquals["aws:SourceArn"] == "arn:aws:cloudfront::123456789012:distribution/E2EXAMPLE"
    error_message = "What the key's policy needs is not told: ${output.kms_key_policy_statements}"
  }

  assert {
    condition     = output.example_urls["tile"] == "https://d111111abcdef8.cloudfront.net/thumbs/v1/photos/tile-cat.jpg.jpg" && output.example_urls["small"] == "https://d111111abcdef8.cloudfront.net/thumbs/v1/photos/small-cat.jpg.webp"
    error_message = "The URLs of photos/cat.jpg: ${jsonencode(output.example_urls)}"
  }
}

run "functions_name_and_refresh_the_distribution" {
  command = plan

  override_resource {
    target          = aws_cloudfront_distribution.this
    override_during = plan
    values = {
      id          = "E2EXAMPLE"
      arn         = "arn:aws:cloudfront::123456789012:distribution/E2EXAMPLE"
      domain_name = "d111111abcdef8.cloudfront.net"
    }
  }

  assert {
    condition = alltrue([for function in [aws_lambda_function.resize, aws_lambda_function.cleanup[0]] :
      one(function.environment).variables["PRESIZE_BASE_URL"] == "https://d111111abcdef8.cloudfront.net" && one(function.environment).variables["PRESIZE_DISTRIBUTION_ID"] == "E2EXAMPLE"
    ])
    error_message = "The functions are told of another distribution: ${jsonencode(one(aws_lambda_function.resize.environment).variables)}"
  }

  assert {
    condition = alltrue([for policy in [aws_iam_role_policy.resize["refresh-cdn"], aws_iam_role_policy.cleanup["refresh-cdn"]] :
      jsonencode(jsondecode(policy.policy).Statement) == jsonencode([{
        Sid      = "ForgetOutdatedVariants"
        Effect   = "Allow"
        Action   = "cloudfront:CreateInvalidation"
        Resource = "arn:aws:cloudfront::123456789012:distribution/E2EXAMPLE"
      }])
    ])
    error_message = "The functions may invalidate another distribution: ${aws_iam_role_policy.resize["refresh-cdn"].policy}"
  }
}

run "own_name_without_invalidation" {
  command = plan

  override_resource {
    target          = aws_cloudfront_distribution.this
    override_during = plan
    values          = { id = "E2EXAMPLE" }
  }

  variables {
    cdn = {
      aliases         = ["*.example.com", "img.example.com"]
      certificate_arn = "arn:aws:acm:us-east-1:123456789012:certificate/abc"
      invalidate      = false
    }
  }

  assert {
    condition     = one(aws_lambda_function.cleanup[0].environment).variables["PRESIZE_BASE_URL"] == "https://img.example.com" && output.base_url == "https://img.example.com"
    error_message = "URLs begin with ${output.base_url}."
  }

  assert {
    condition     = !contains(keys(one(aws_lambda_function.resize.environment).variables), "PRESIZE_DISTRIBUTION_ID") && !contains(keys(aws_iam_role_policy.resize), "refresh-cdn") && !contains(keys(aws_iam_role_policy.cleanup), "refresh-cdn")
    error_message = "Invalidation is not off."
  }
}

run "a_distribution_of_ones_own" {
  command = plan

  variables {
    cdn = { enabled = false, base_url = "https://example.com/images/", distribution_id = "E3THEIRS" }
  }

  assert {
    condition     = length(aws_cloudfront_distribution.this) + length(aws_cloudfront_cache_policy.this) == 0
    error_message = "The module makes a distribution besides."
  }

  assert {
    condition     = one(aws_lambda_function.resize.environment).variables["PRESIZE_BASE_URL"] == "https://example.com/images/" && one(aws_lambda_function.resize.environment).variables["PRESIZE_DISTRIBUTION_ID"] == "E3THEIRS"
    error_message = "The function's settings: ${jsonencode(one(aws_lambda_function.resize.environment).variables)}"
  }

  assert {
    condition     = jsondecode(aws_iam_role_policy.cleanup["refresh-cdn"].policy).Statement[0].Resource == "arn:aws:cloudfront::123456789012:distribution/E3THEIRS"
    error_message = "Another distribution may be invalidated: ${aws_iam_role_policy.cleanup["refresh-cdn"].policy}"
  }

  assert {
    condition     = output.example_urls["small"] == "https://example.com/images/resized/small/photos/cat.jpg"
    error_message = "The URLs of photos/cat.jpg: ${jsonencode(output.example_urls)}"
  }
}

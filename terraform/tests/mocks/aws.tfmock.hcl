mock_data "aws_caller_identity" {
  defaults = { account_id = "123456789012" }
}

mock_data "aws_partition" {
  defaults = { partition = "aws", dns_suffix = "amazonaws.com" }
}

mock_data "aws_region" {
  defaults = { id = "eu-west-1", name = "eu-west-1" }
}

mock_data "aws_iam_policy_document" {
  defaults = { json = "{\"Version\":\"2012-10-17\",\"Statement\":[]}" }
}

mock_resource "aws_lambda_function" {
  defaults = { arn = "arn:aws:lambda:eu-west-1:123456789012:function:presize-resize" }
}

mock_resource "aws_iam_role" {
  defaults = { arn = "arn:aws:iam::123456789012:role/presize-resize" }
}

mock_resource "aws_sqs_queue" {
  defaults = {
    arn = "arn:aws:sqs:eu-west-1:123456789012:presize-queue"
    url = "https://sqs.eu-west-1.amazonaws.com/123456789012/presize-queue"
  }
}

mock_resource "aws_sns_topic" {
  defaults = { arn = "arn:aws:sns:eu-west-1:123456789012:presize-alarms" }
}

mock_resource "aws_cloudfront_origin_access_identity" {
  defaults = {
    iam_arn                         = "arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity E1EXAMPLE"
    cloudfront_access_identity_path = "origin-access-identity/cloudfront/E1EXAMPLE"
  }
}

mock_resource "aws_cloudfront_distribution" {
  defaults = {
    id          = "E2EXAMPLE"
    arn         = "arn:aws:cloudfront::123456789012:distribution/E2EXAMPLE"
    domain_name = "d111111abcdef8.cloudfront.net"
  }
}

mock_resource "aws_cloudfront_cache_policy" {
  defaults = { id = "c1e2" }
}
